import Glibc
package import Loop

/// Standard output and input, as far as commands use them.
@EventLoop
package enum Terminal {
    /// Somebody looks at it.
    package static var isScreen: Bool {
        isatty(STDOUT_FILENO) == 1 && getenv("TERM").map { String(cString: $0) } != "dumb"
    }

    /// Somebody looks at it and can answer.
    static var isInteractive: Bool { isScreen && isatty(STDIN_FILENO) == 1 }

    static var width: Int { size.columns }

    /// The window now; it may change.
    package static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
        else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    @discardableResult
    package static func say(_ line: String) -> Bool { write(line + "\n") }

    /// - Returns: whether anybody reads it.
    @discardableResult
    package static func write(_ text: String) -> Bool { put(text, on: STDOUT_FILENO) }

    package static func complain(_ line: String) { _ = put(line + "\n", on: STDERR_FILENO) }

    /// Asks at the terminal; an end of input, or an interruption, is nobody.
    static func ask(_ question: String) async -> Approval.Answer {
        write("\(question) [y/n] ")
        while let line = await line() {
            switch line.lowercased() {
            case "y", "yes": return .yes
            case "n", "no": return .no
            default: write("y or n? ")
            }
        }
        return .nobody
    }

    private static func line() async -> String? {
        var line: [UInt8] = []
        while true {
            var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            // Never blocks: the lease is renewed on this thread while somebody thinks.
            guard poll(&input, 1, 0) > 0 else {
                do { try await EventLoop.sleep(for: .milliseconds(100)) } catch { return nil }
                continue
            }
            var byte: UInt8 = 0
            guard read(STDIN_FILENO, &byte, 1) == 1 else { return nil }
            if byte == UInt8(ascii: "\n") { break }
            line.append(byte)
        }
        let words = String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        return words.joined(separator: " ")
    }

    private static func put(_ text: String, on descriptor: Int32) -> Bool {
        var bytes = ArraySlice(text.utf8)
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            // A log that nobody reads any more must not stop a release.
            guard count > 0 || (count < 0 && errno == EINTR) else { return false }
            bytes = bytes.dropFirst(max(0, count))
        }
        return true
    }
}
