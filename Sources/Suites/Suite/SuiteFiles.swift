import Glibc

/// Why a file of a suite cannot be read.
package struct SuiteFileError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
}

/// Reads small files at once: what `apitest` reads, it reads before any call.
enum SuiteFiles {
    static func read(_ path: String, limit: Int) throws(SuiteFileError) -> [UInt8] {
        let fd = open(path, O_RDONLY | O_CLOEXEC)
        guard fd >= 0 else { throw failure(path) }
        defer { close(fd) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(fd, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= limit else {
                throw SuiteFileError(description: "\(path) is larger than \(limit) bytes")
            }
        }
    }

    private static func failure(_ path: String) -> SuiteFileError {
        SuiteFileError(description: "\(path): \(String(cString: strerror(errno)))")
    }
}

/// A path as seen from a folder.
func resolved(_ path: String, in folder: String) -> String {
    if path.hasPrefix("/") || folder.isEmpty { return path }
    let plain = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    return folder.hasSuffix("/") ? folder + plain : "\(folder)/\(plain)"
}
