import Glibc

/// How much room a file system has (statvfs(3)).
package struct DiskSpace: Hashable, Sendable {
    /// What those who are not root may still use.
    package var freeBytes: Int
    /// What is used and what is free; what is kept for root is neither, as df(1) counts.
    package var bytes: Int
    package var freeInodes: Int
    /// 0: the file system makes them as they are needed.
    package var inodes: Int
    package var isReadOnly: Bool

    package init(
        freeBytes: Int,
        bytes: Int,
        freeInodes: Int,
        inodes: Int,
        isReadOnly: Bool = false
    ) {
        self.freeBytes = freeBytes
        self.bytes = bytes
        self.freeInodes = freeInodes
        self.inodes = inodes
        self.isReadOnly = isReadOnly
    }

    /// Asks the file system that holds `path`, and may block as long as that likes.
    package static func read(_ path: String) throws(LoopError) -> DiskSpace {
        var answer = statvfs()
        guard statvfs(path, &answer) == 0 else { throw .file(errno, path) }
        let unit = Int(clamping: answer.f_frsize)
        let used = answer.f_blocks - min(answer.f_blocks, answer.f_bfree)
        return DiskSpace(
            freeBytes: times(Int(clamping: answer.f_bavail), unit),
            bytes: times(Int(clamping: used &+ answer.f_bavail), unit),
            freeInodes: Int(clamping: answer.f_favail),
            inodes: Int(clamping: answer.f_files),
            isReadOnly: answer.f_flag & 1 != 0  // ST_RDONLY
        )
    }

    /// A file system of a user's own may say anything.
    private static func times(_ count: Int, _ unit: Int) -> Int {
        let (product, overflow) = count.multipliedReportingOverflow(by: unit)
        return overflow ? .max : product
    }
}
