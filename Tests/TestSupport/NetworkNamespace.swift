import Glibc
package import Loop

/// Another machine, as far as the network can tell: a namespace with a wire to this one.
///
/// It wants root, `unshare`, `nsenter` and `ip`. A process holds it, and the kernel ends that one
/// with the test's, however it ends; the namespace goes with its last process, and the wire with it.
@EventLoop
package final class NetworkNamespace {
    /// The address of this machine at the wire, and that of the other end.
    package let here: String
    package let there: String
    private let holder: Task<Subprocess.Output, any Error>
    private let pid: String

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Makes one for as long as `body` takes.
    package static func with(
        _ body: @EventLoop (NetworkNamespace) async throws -> Void
    ) async throws {
        let namespace = try await NetworkNamespace()
        do {
            try await namespace.wire()
            try await body(namespace)
        } catch {
            await namespace.end()
            throw error
        }
        await namespace.end()
    }

    private init() async throws {
        // A net of four addresses for each process, of those that are for tests (RFC 2544).
        let number = getpid()
        let net = "198.18.\(number >> 6 & 255)."
        here = net + "\((number & 63) << 2 | 1)"
        there = net + "\((number & 63) << 2 | 2)"
        let started = Waiter<String>()
        let command = ["unshare", "--net", "sh", "-c", "echo $$; exec sleep infinity"]
        holder = EventLoop.task {
            do {
                let output = try await Subprocess.run(
                    ["setpriv", "--pdeathsig", "KILL"] + command,
                    until: .now + .seconds(600),
                    onLine: { started.fulfil(.success($0)) }
                )
                started.fulfil(.failure(LoopError(.system, "\(output.exit): \(output.output)")))
                return output
            } catch {
                started.fulfil(.failure(LoopError(.system, "\(error)")))
                throw error
            }
        }
        pid = try await started.wait(until: .now + .seconds(20), "make a network namespace")
        guard Int32(pid) != nil else {
            throw Failure(description: "no network namespace (it wants root): \(pid)")
        }
    }

    private func wire() async throws {
        let (ours, theirs) = ("hgt\(getpid())a", "hgt\(getpid())b")
        try await ip(["link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", pid])
        try await ip(["address", "add", "\(here)/30", "dev", ours])
        try await ip(["link", "set", ours, "up"])
        let inside = ["nsenter", "--target", pid, "--net"]
        try await ip(["address", "add", "\(there)/30", "dev", theirs], by: inside)
        try await ip(["link", "set", theirs, "up"], by: inside)
    }

    private func ip(_ arguments: [String], by inside: [String] = []) async throws {
        let argv = inside + ["ip"] + arguments
        let output = try await Subprocess.run(argv, until: .now + .seconds(20))
        guard output.exit == .code(0) else {
            throw Failure(description: "\(argv.joined(separator: " ")): \(output.output)")
        }
    }

    /// Runs a command over there.
    package func run(_ argv: [String]) async throws -> Subprocess.Output {
        try await Subprocess.run(
            ["nsenter", "--target", pid, "--net"] + argv,
            until: .now + .seconds(30)
        )
    }

    private func end() async {
        holder.cancel()
        _ = try? await holder.value
    }
}
