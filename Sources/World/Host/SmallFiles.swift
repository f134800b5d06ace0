import Glibc

/// The few small files of a world's folder, read and written in place. They are written by people
/// and tests who may well lose them: nothing here is durable.
package enum SmallFiles {
    /// Nil when it cannot be read; a file that is not UTF-8 is repaired, as logs may be.
    package static func read(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes.append(contentsOf: chunk[..<count])
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Replaces the file in one step, so that nobody reads half of it.
    package static func write(_ text: String, to path: String) throws(WorldError) {
        let temporary = "\(path).\(getpid())"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw .system("cannot write \(path)") }
        let bytes = Array(text.utf8)
        let written = Glibc.write(file, bytes, bytes.count)
        close(file)
        guard written == bytes.count, rename(temporary, path) == 0 else {
            throw .system("cannot write \(path)")
        }
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    package static func remove(_ path: String) { unlink(path) }

    /// Makes a folder and those above it.
    package static func makeFolder(_ path: String) throws(WorldError) {
        var made = ""
        for part in path.split(separator: "/") {
            made += "/" + part
            if mkdir(made, 0o755) != 0, errno != EEXIST { throw .system("cannot make \(made)") }
        }
    }

    /// A new empty folder under the system's temporary one.
    package static func makeTemporaryFolder() throws(WorldError) -> String {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/healthgate-world-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw .system("cannot make a folder in \(parent)") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The names in a folder, sorted; none when there is no such folder.
    package static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes a folder with all that is in it; a link inside is removed, never followed.
    package static func removeFolder(_ path: String) {
        for name in names(in: path) {
            let entry = "\(path)/\(name)"
            if unlink(entry) != 0 { removeFolder(entry) }
        }
        rmdir(path)
    }

    /// The end of a log, for an error message.
    package static func tail(_ path: String, lines: Int = 5) -> String {
        let all = (read(path) ?? "").split(separator: "\n")
        return all.suffix(lines).joined(separator: "\n")
    }
}

extension WorldError {
    /// The message with the words of the current `errno`.
    static func system(_ message: String) -> WorldError {
        WorldError("\(message): \(String(cString: strerror(errno)))")
    }
}
