import ArgumentParser
import Glibc

/// Whether standard output is a screen that knows colours.
var isTerminal: Bool {
    isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == nil
        && getenv("TERM").map { String(cString: $0) } != "dumb"
}

/// Writes a report whole, or says why not and ends with 64.
func writeFile(_ text: String, to path: String) throws {
    let fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard fd >= 0 else { throw failed(path) }
    defer { close(fd) }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(fd, $0.baseAddress, $0.count) }
        guard count > 0 || errno == EINTR else { throw failed(path) }
        rest = rest.dropFirst(max(count, 0))
    }
}

private func failed(_ path: String) -> ExitCode {
    printError("\(path) cannot be written: \(String(cString: strerror(errno)))")
    return ExitCode(64)
}
