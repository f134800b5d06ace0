import Glibc

/// One process for its life: a number alone may be taken over by a stranger after its end.
package struct ProcessID: Hashable, Sendable, CustomStringConvertible {
    package let number: Int32
    /// The kernel's start time in clock ticks since boot.
    private let started: UInt64

    /// Nil when no such process runs.
    package init?(_ number: Int32) {
        guard let stat = Self.stat(number) else { return nil }
        self.number = number
        started = stat.started
    }

    /// The process a pid file names, if it still runs.
    package init?(file path: String) {
        guard let text = SmallFiles.read(path) else { return nil }
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 2, let number = Int32(words[0]), let started = UInt64(words[1])
        else { return nil }
        self.number = number
        self.started = started
        guard isAlive else { return nil }
    }

    package func write(to path: String) throws(WorldError) {
        try SmallFiles.write("\(number) \(started)\n", to: path)
    }

    /// False for a zombie: it holds no port and runs no code, though its parent has yet to look.
    package var isAlive: Bool {
        // Takes our own ended children off the table; of others this knows nothing and does nothing.
        waitpid(number, nil, WNOHANG)
        guard let stat = Self.stat(number) else { return false }
        return stat.started == started && stat.state != "Z" && stat.state != "X"
    }

    package func signal(_ signal: Int32) {
        if isAlive { kill(number, signal) }
    }

    package var description: String { "\(number)" }

    private static func stat(_ number: Int32) -> (state: Substring, started: UInt64)? {
        // proc(5): the name in parentheses may hold anything, so count from the last one.
        guard number > 0, let text = SmallFiles.read("/proc/\(number)/stat"),
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let started = UInt64(fields[19]) else { return nil }
        return (fields[0], started)
    }
}
