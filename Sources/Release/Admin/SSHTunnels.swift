import Glibc
package import Loop

/// The tunnels of one command: one for each place that is reached through ssh.
@EventLoop
package final class SSHTunnels {
    private struct Way: Hashable {
        let via: SSHDestination
        let target: Endpoint
    }

    private let command: [String]
    private var tunnels: [Way: SSHTunnel] = [:]

    /// - Parameter command: ssh with what it is always told first; by default the words of the
    ///   environment variable `HEALTHGATE_SSH`, else `ssh`.
    package init(command: [String]? = nil) {
        self.command = command ?? SSHTunnels.standardCommand
    }

    package func tunnel(to target: Endpoint, via: SSHDestination) -> SSHTunnel {
        let way = Way(via: via, target: target)
        if let tunnel = tunnels[way] { return tunnel }
        let tunnel = SSHTunnel(to: target, via: via, command: command)
        tunnels[way] = tunnel
        return tunnel
    }

    /// Makes all of them at once, before anybody waits for a call. One that fails is told by the call
    /// that needs it.
    package func open(until deadline: Instant) async {
        let opening = tunnels.values.map { tunnel in
            EventLoop.task { try await tunnel.open(until: deadline) }
        }
        for tunnel in opening { _ = await tunnel.result }
    }

    package func close() {
        for tunnel in tunnels.values { tunnel.close() }
    }

    private static var standardCommand: [String] {
        let words = getenv("HEALTHGATE_SSH").map { String(cString: $0) } ?? ""
        let command = words.split(whereSeparator: \.isWhitespace).map(String.init)
        return command.isEmpty ? ["ssh"] : command
    }
}
