import Glibc

/// Tells the input of a reader that traps or hangs: signal handlers write it out, since nothing
/// else of the program can be trusted then.
enum Watch {
    /// No input may take longer to read. All of them together are told by one alarm.
    private static let secondsForInput: UInt32 = 10

    static func start() {
        for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGALRM] {
            signal(number, onSignal)
        }
    }

    static func begin(_ bytes: [UInt8]) {
        input.deallocate()
        input = UnsafeMutableBufferPointer.allocate(capacity: bytes.count)
        _ = input.initialize(fromContentsOf: bytes)
        alarm(secondsForInput)
    }

    /// Writes the input to stderr in hexadecimal. Safe in a signal handler.
    static func tellInput() {
        write("input: ")
        for byte in input {
            var digits = (digit(byte >> 4), digit(byte & 15))
            _ = Glibc.write(2, &digits, 2)
        }
        write("\n")
    }

    fileprivate static func write(_ text: StaticString) {
        _ = Glibc.write(2, text.utf8Start, text.utf8CodeUnitCount)
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? value + UInt8(ascii: "0") : value - 10 + UInt8(ascii: "a")
    }

    // One thread runs it all, and the handlers run within it.
    nonisolated(unsafe) private static var input =
        UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 0)
}

// MARK: - Callbacks

private func onSignal(_ number: Int32) {
    Watch.write(number == SIGALRM ? "hangs\n" : "traps\n")
    Watch.tellInput()
    signal(number, SIG_DFL)
    raise(number)
}
