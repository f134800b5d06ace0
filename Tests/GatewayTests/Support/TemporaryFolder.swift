import Glibc

/// A new folder under the system's temporary one. Left to the system to clear.
enum TemporaryFolder {
    static func make() -> String {
        var template = Array("/tmp/healthgate-test-XXXXXX\0".utf8CString)
        return mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
    }
}
