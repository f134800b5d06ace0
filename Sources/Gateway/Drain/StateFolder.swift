import Glibc

/// The folder of the state: blocking file work, small and durable. Not for the loop's thread once
/// it serves.
package struct StateFolder: Hashable, Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    package var stateFile: String { path + "/drain.state" }
    private var marker: String { path + "/initialised" }
    private var unreadableFile: String { path + "/drain.state.unreadable" }

    /// What went wrong with which file, in words for an operator.
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String

        init(_ doing: String, _ path: String, errno code: Int32) {
            description = "cannot \(doing) \(path): \(String(cString: strerror(code)))"
        }

        init(_ description: String) { self.description = description }
    }

    /// What the folder says at start.
    package enum Content: Hashable, Sendable {
        /// Never used before. The first `save` marks it as in use.
        case fresh
        case state(DrainState)
        /// Fail closed; `why` says what is wrong.
        case unreadable(why: String)
    }

    package func load() -> Content {
        do throws(Failure) {
            if let bytes = try read(stateFile) {
                do {
                    let state = try DrainStateFile.decode(bytes)
                    // The process may have ended between the first state and its marker.
                    if access(marker, F_OK) != 0 { try? write([], to: marker) }
                    return .state(state)
                } catch {
                    return .unreadable(why: "\(stateFile) cannot be used: \(error)")
                }
            }
            if try read(marker) != nil {
                return .unreadable(why: "\(stateFile) is gone, though the folder was in use")
            }
            try make()
            return .fresh
        } catch {
            return .unreadable(why: error.description)
        }
    }

    /// Returns when the state is on disk and stays there.
    package func save(_ state: DrainState) throws(Failure) {
        let bytes: [UInt8]
        do {
            bytes = try DrainStateFile.encode(state)
        } catch {
            throw Failure("cannot encode the state: \(error)")
        }
        try write(bytes, to: stateFile)
        if access(marker, F_OK) != 0 { try write([], to: marker) }
    }

    /// Keeps a file that could not be read for whoever looks into it, before it is replaced.
    package func setAside() {
        // Without its marker the folder would read as fresh, should the new file never come.
        if access(marker, F_OK) != 0 {
            do throws(Failure) { try write([], to: marker) } catch { return }
        }
        rename(stateFile, unreadableFile)
    }

    private func make() throws(Failure) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/" + part
            if mkdir(made, 0o700) != 0, errno != EEXIST {
                // A folder above may exist and refuse: only the last word counts.
                let code = errno
                guard access(made, F_OK) == 0 else { throw Failure("make", made, errno: code) }
            }
        }
    }

    private func read(_ file: String) throws(Failure) -> [UInt8]? {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw Failure("open", file, errno: errno)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = Glibc.read(descriptor, &part, part.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw Failure("read", file, errno: errno)
            }
            if count == 0 { return bytes }
            bytes += part[..<count]
            guard bytes.count <= 1 << 20 else { throw Failure("\(file) is too large") }
        }
    }

    /// Temporary file, fsync, rename, fsync of the folder: after a power cut there is the old
    /// content or the new one, and after the return only the new one.
    private func write(_ bytes: [UInt8], to file: String) throws(Failure) {
        let temporary = file + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure("write", temporary, errno: errno) }
        var failed: Int32 = 0
        var written = 0
        while written < bytes.count, failed == 0 {
            let count = bytes.withUnsafeBytes { bytes in
                Glibc.write(
                    descriptor,
                    bytes.baseAddress.map { $0 + written },
                    bytes.count - written
                )
            }
            if count >= 0 { written += count } else if errno != EINTR { failed = errno }
        }
        if failed == 0, fsync(descriptor) != 0 { failed = errno }
        if close(descriptor) != 0, failed == 0 { failed = errno }
        if failed == 0, rename(temporary, file) != 0 { failed = errno }
        if failed != 0 {
            unlink(temporary)
            throw Failure("write", file, errno: failed)
        }
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw Failure("open", path, errno: errno) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw Failure("sync", path, errno: errno) }
    }
}
