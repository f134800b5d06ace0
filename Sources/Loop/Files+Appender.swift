import Glibc

extension Files {
    /// A file that grows by whole lines, each on disk before the call returns.
    @EventLoop
    package final class Appender {
        private let file: File

        private init(_ file: File) { self.file = file }

        /// Opens `path`, made with mode 0600 when there is none.
        ///
        /// A last line without an end, torn by a crash, is ended first, so that it spoils no other.
        package static func open(_ path: String) async throws(LoopError) -> Appender {
            let file = await offLoop { result { () throws(LoopError) in try File(path) } }
            return Appender(try file.get())
        }

        /// Adds one line, given without its end.
        package func append(_ line: String) async throws(LoopError) {
            let file = file
            try await offLoop {
                result { () throws(LoopError) in
                    try file.open.write(Array(line.utf8) + [UInt8(ascii: "\n")])
                    try file.open.sync()
                }
            }.get()
        }
    }

    private final class File: Sendable {
        let open: OpenFile

        init(_ path: String) throws(LoopError) {
            let flags = O_WRONLY | O_CREAT | O_APPEND
            open = try OpenFile(path, flags, mode: 0o600)
            let content = try OpenFile(path, O_RDONLY).readAll()
            if let last = content.last, last != UInt8(ascii: "\n") {
                try open.write([UInt8(ascii: "\n")])
            }
            try open.sync()
            try syncFolder(of: path)
        }
    }
}
