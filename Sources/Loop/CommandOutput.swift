import CLibevent
import Glibc

/// Reads what a command prints: the last of it is kept, and each line is told.
@EventLoop
final class CommandOutput {
    private static let limit = 64 << 10

    private var fd: Int32
    private var event: EventHandle?
    private let onLine: (@EventLoop (String) -> Void)?
    private var kept: [UInt8] = []
    private var line: [UInt8] = []

    init(_ fd: Int32, onLine: (@EventLoop (String) -> Void)?) {
        self.fd = fd
        self.onLine = onLine
        let context = Unmanaged.passUnretained(self).toOpaque()
        event = EventHandle(fd, EV_READ | EV_PERSIST, onReadable, context)
        event?.add()
    }

    isolated deinit { close() }

    var text: String { String(decoding: kept.suffix(Self.limit), as: UTF8.self) }

    /// Takes all that lies in the pipe, without waiting for its end: a process left in the
    /// background may hold it open for ever.
    func readAvailable() {
        while fd >= 0, readOnce() {}
        if !line.isEmpty { tell() }
    }

    func close() {
        event = nil
        if fd >= 0 { Glibc.close(fd) }
        fd = -1
    }

    fileprivate func readable() { _ = readOnce() }

    private func readOnce() -> Bool {
        let buffer = EventLoop.receiveBuffer
        let count = read(fd, buffer.baseAddress, buffer.count)
        if count > 0 {
            take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            return true
        }
        if count == 0 || (errno != EAGAIN && errno != EINTR) { close() }
        return false
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        kept.append(contentsOf: bytes)
        if kept.count > 4 * Self.limit { kept.removeFirst(kept.count - Self.limit) }
        guard onLine != nil else { return }
        // The bytes are copied first: telling a line may read into the shared buffer again.
        for byte in Array(bytes) {
            if byte == UInt8(ascii: "\n") { tell() } else { line.append(byte) }
            if line.count >= Self.limit { tell() }
        }
    }

    private func tell() {
        let text = String(decoding: line, as: UTF8.self)
        line.removeAll(keepingCapacity: true)
        onLine?(text)
    }
}

// MARK: - Callbacks

private func onReadable(_: Int32, _: Int16, context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    let output = Unmanaged<CommandOutput>.fromOpaque(context).takeUnretainedValue()
    EventLoop.assumeIsolated { output.readable() }
}
