import Glibc

/// What changes when a file is replaced or written.
package struct FileStamp: Hashable, Sendable {
    private let inode: UInt
    private let size: Int
    private let seconds: Int
    private let nanoseconds: Int

    /// In the order of the files; nil: there is none of that name. It asks the disk.
    package static func of(_ files: [String]) -> [FileStamp?] {
        files.map { file in
            var info = stat()
            guard stat(file, &info) == 0 else { return nil }
            return FileStamp(
                inode: info.st_ino,
                size: info.st_size,
                seconds: info.st_mtim.tv_sec,
                nanoseconds: info.st_mtim.tv_nsec
            )
        }
    }
}
