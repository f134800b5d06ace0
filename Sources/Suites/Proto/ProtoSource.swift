import Glibc

/// Where the texts of `.proto` files come from.
package struct ProtoSource {
    package enum Answer {
        /// `identity` is the same for each path that leads to one file.
        case found([UInt8], identity: String)
        /// Says why.
        case missing(String)
    }

    package let read: (String) -> Answer

    package init(_ read: @escaping (String) -> Answer) { self.read = read }

    /// Texts by name.
    package static func memory(_ texts: [String: String]) -> ProtoSource {
        ProtoSource { name in
            guard let text = texts[name] else { return .missing("\(name) is not found") }
            return .found(Array(text.utf8), identity: name)
        }
    }

    /// Files below the first of these folders that has them.
    package static func disk(_ folders: [String]) -> ProtoSource {
        ProtoSource { name in
            guard !name.isEmpty, !name.hasPrefix("/") else {
                return .missing("an import is a path relative to an import path, not \"\(name)\"")
            }
            for folder in folders {
                do throws(Failure) {
                    if let answer = try file("\(folder)/\(name)") { return answer }
                } catch {
                    return .missing("\(folder)/\(name) cannot be read: \(error.message)")
                }
            }
            return .missing("\(name) is in none of: \(folders.joined(separator: ", "))")
        }
    }

    private struct Failure: Error {
        let message: String

        static var errno: Failure { Failure(message: String(cString: strerror(Glibc.errno))) }
    }

    /// Nil: there is none.
    private static func file(_ path: String) throws(Failure) -> Answer? {
        // A pipe in place of a file must not make us wait.
        let fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard fd >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw Failure.errno
        }
        defer { close(fd) }
        var info = stat()
        guard fstat(fd, &info) == 0 else { throw Failure.errno }
        guard info.st_mode & S_IFMT == S_IFREG else { throw Failure(message: "it is no file") }
        guard info.st_size <= ProtoFiles.maximumSize else {
            throw Failure(message: "it is larger than \(ProtoFiles.maximumSize) bytes")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= ProtoFiles.maximumSize {
            let count = Glibc.read(fd, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure.errno }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return .found(bytes, identity: "\(info.st_dev) \(info.st_ino)")
    }
}
