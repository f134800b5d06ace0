import Glibc

/// An open file with blocking calls, closed when dropped; for use off the loop.
struct OpenFile: ~Copyable {
    private let fd: Int32
    private let path: String

    init(_ path: String, _ flags: Int32, mode: mode_t = 0) throws(LoopError) {
        fd = open(path, flags | O_CLOEXEC, mode)
        self.path = path
        guard fd >= 0 else { throw .file(errno, "open \(path)") }
    }

    deinit { if fd >= 0 { close(fd) } }

    func readAll() throws(LoopError) -> [UInt8] {
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(fd, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .file(errno, "read \(path)") }
            if count == 0 { return content }
            content += chunk[..<count]
        }
    }

    func write(_ bytes: [UInt8]) throws(LoopError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(fd, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .file(errno, "write \(path)") }
            rest = rest.dropFirst(count)
        }
    }

    func sync() throws(LoopError) {
        guard fsync(fd) == 0 else { throw .file(errno, "sync \(path)") }
    }
}
