import Glibc

/// Small file work, done off the loop and in the order it is asked for.
package enum Files {
    /// Runs `work`, which may block, on the thread for file work.
    @EventLoop
    package static func offLoop<Success: Sendable>(
        _ work: @escaping @Sendable () -> Success
    ) async -> Success {
        await withCheckedContinuation { done in
            FileThread.shared.enqueue { done.resume(returning: work()) }
        }
    }

    /// The content of a file; nil when there is none of that name.
    @EventLoop
    package static func read(_ path: String) async throws(LoopError) -> [UInt8]? {
        try await offLoop { result { () throws(LoopError) in try readNow(path) } }.get()
    }

    /// Replaces a file so that after a crash it holds either the old bytes or the new ones.
    @EventLoop
    package static func writeDurably(_ bytes: [UInt8], to path: String) async throws(LoopError) {
        try await offLoop { result { () throws(LoopError) in try writeNow(bytes, to: path) } }.get()
    }

    static func result<Success>(
        _ body: () throws(LoopError) -> Success
    ) -> Result<Success, LoopError> {
        do { return .success(try body()) } catch { return .failure(error) }
    }

    private static func readNow(_ path: String) throws(LoopError) -> [UInt8]? {
        let file: OpenFile
        do {
            file = try OpenFile(path, O_RDONLY)
        } catch {
            if access(path, F_OK) != 0, errno == ENOENT { return nil }
            // It cannot be read, or has come in between.
            file = try OpenFile(path, O_RDONLY)
        }
        return try file.readAll()
    }

    private static func writeNow(_ bytes: [UInt8], to path: String) throws(LoopError) {
        let temporary = "\(path).new"
        do {
            let file = try OpenFile(temporary, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
            try file.write(bytes)
            try file.sync()
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else {
            let number = errno
            unlink(temporary)
            throw .file(number, "rename \(temporary) to \(path)")
        }
        try syncFolder(of: path)
    }

    /// Makes a new name in a folder as durable as the file itself.
    static func syncFolder(of path: String) throws(LoopError) {
        var folder = "."
        if let slash = path.lastIndex(of: "/") {
            folder = slash == path.startIndex ? "/" : String(path[..<slash])
        }
        try OpenFile(folder, O_RDONLY | O_DIRECTORY).sync()
    }
}

extension LoopError {
    /// An `errno` of file work; a missing file is not a refused connection.
    static func file(_ number: Int32, _ attempt: String) -> LoopError {
        LoopError(.system, "\(attempt): \(String(cString: strerror(number)))")
    }
}
