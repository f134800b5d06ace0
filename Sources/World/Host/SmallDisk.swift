import Glibc
import Loop

/// A small file system of its own, kept in memory and mounted for a scenario, so that a disk that is
/// full or read-only is a real one. Needs the right to mount; without it a scenario fails.
package struct SmallDisk: Sendable {
    package let path: String

    /// Mounts it over a folder, which it hides.
    package init(over path: String, kilobytes: Int = 64) throws(WorldError) {
        self.path = path
        try SmallFiles.makeFolder(path)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k,mode=700") == 0 else {
            throw .system("cannot mount a small disk at \(path) (this needs root)")
        }
    }

    private var filler: String { "\(path)/filler" }

    /// Writes until nothing more goes in.
    package func fill() throws(WorldError) {
        let file = open(filler, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .system("cannot write \(filler)") }
        defer { close(file) }
        let chunk = [UInt8](repeating: 0, count: 4096)
        while write(file, chunk, chunk.count) > 0 {}
        guard errno == ENOSPC else { throw .system("cannot fill \(path)") }
    }

    /// Makes room again.
    package func free() { SmallFiles.remove(filler) }

    /// Lets nobody write, or everybody again. A file that is open for writing at just this moment
    /// is waited for.
    @EventLoop
    package func setReadOnly(_ isReadOnly: Bool) async throws {
        let flags = UInt(MS_REMOUNT) | (isReadOnly ? UInt(MS_RDONLY) : 0)
        let deadline = Instant.now + .seconds(5)
        while mount("tmpfs", path, "tmpfs", flags, nil) != 0 {
            guard errno == EBUSY, Instant.now < deadline else {
                throw WorldError.system("cannot remount \(path)")
            }
            try await EventLoop.sleep(for: .milliseconds(10))
        }
    }

    /// Unmounts every small disk under a folder, also one that is still in use.
    package static func detachAll(under folder: String) {
        for line in (SmallFiles.read("/proc/self/mounts") ?? "").split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 2, words[2] == "tmpfs", words[1].hasPrefix("\(folder)/") else {
                continue
            }
            umount2(String(words[1]), Int32(MNT_DETACH))
        }
    }
}
