import Glibc

/// How many descriptors this process may have open (RLIMIT_NOFILE, getrlimit(2)).
package enum Descriptors {
    /// Raises the limit to `wanted`, as far as the hard limit lets it, and returns what holds now. A
    /// limit that is higher already stays.
    package static func reserve(_ wanted: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return wanted
        }
        let present = Int(clamping: limit.rlim_cur)
        guard present < wanted else { return present }
        limit.rlim_cur = min(limit.rlim_max, rlim_t(wanted))
        guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return present
        }
        return Int(clamping: limit.rlim_cur)
    }
}
