import Glibc
package import Loop

/// A way to one place through the machine's own ssh: a socket here whose connections go on from there.
///
/// It is made when it is first needed and made anew when it was lost. Its ssh lives no longer than we do.
@EventLoop
package final class SSHTunnel {
    package let target: Endpoint
    package let via: SSHDestination
    private let command: [String]
    private var process: BoundProcess?
    private var near: SocketAddress?
    private var isOpen = false
    private var waiting: [Waiter<Void>] = []
    /// How many have been begun.
    private(set) var generation = 0
    /// Told when the one that stands is gone.
    private var watching: [Waiter<Void>] = []
    /// Why the last one did not come about, and when it may be tried again.
    private var failure: (error: LoopError, until: Instant)?
    /// What ssh said last, since the last connection was begun.
    private var lastLine: String?

    /// - Parameter command: ssh, with what it is always told first.
    package init(to target: Endpoint, via: SSHDestination, command: [String] = ["ssh"]) {
        self.target = target
        self.via = via
        self.command = command
    }

    isolated deinit { close() }

    /// Connects to the target, by a tunnel that stands or a new one.
    package func connect(until deadline: Instant) async throws(LoopError) -> Channel {
        let standing = isOpen ? near : nil
        do throws(LoopError) {
            return try await tryToConnect(until: deadline)
        } catch {
            // Nobody at the near end: its ssh is ending just now, and we hear of it a moment later.
            guard let standing, error.kind == .refused else { throw error }
            // Unless another call has begun the next one already.
            if near == standing { close() }
            return try await tryToConnect(until: deadline)
        }
    }

    /// Returns once the tunnel stands.
    package func open(until deadline: Instant) async throws(LoopError) {
        guard !isOpen else { return }
        if process == nil { try begin() }
        let waiter = Waiter<Void>()
        waiting.append(waiter)
        defer { waiting.removeAll { $0 === waiter } }
        do throws(LoopError) {
            try await waiter.wait(until: deadline, "ssh")
        } catch {
            // It goes on, and may stand by the next call.
            guard error.kind == .timedOut else { throw error }
            throw LoopError(.timedOut, words(lastLine ?? "it is not connected in time"))
        }
    }

    /// Whether a call that broke did so because its tunnel went: one that was begun at `generation` or
    /// later. The connections of an ssh that is ending break a moment before it has ended.
    func isLost(since generation: Int) async -> Bool {
        process?.readAvailable()
        // It stands, and nobody answers at its far end.
        if lastLine?.contains("open failed") == true { return false }
        guard isOpen, self.generation == generation else { return true }
        let waiter = Waiter<Void>()
        watching.append(waiter)
        defer { watching.removeAll { $0 === waiter } }
        return (try? await waiter.wait(until: .now + .milliseconds(250), "see it end")) != nil
    }

    /// Ends the tunnel and what goes through it.
    package func close() {
        process = nil
        near = nil
        isOpen = false
        settle(.failure(.closed))
        tellGone()
    }

    /// What ssh has to say of a connection through it that failed, unless the failure says it.
    package func complaint(beside failure: String) -> String? {
        process?.readAvailable()
        guard let lastLine, !failure.contains(lastLine) else { return nil }
        return "\(name) says: \(lastLine)"
    }

    private func tryToConnect(until deadline: Instant) async throws(LoopError) -> Channel {
        try await open(until: deadline)
        guard let near else { throw .closed }
        lastLine = nil
        return try await Channel.connect(to: near, until: deadline)
    }

    private func begin() throws(LoopError) {
        // Whoever refuses us once a poll would soon shut us out.
        if let failure, failure.until > .now { throw failure.error }
        failure = nil
        lastLine = nil
        generation += 1
        let folder = try makeFolder()
        let near = "\(folder)/near"
        do throws(LoopError) {
            process = try BoundProcess(
                arguments(from: near),
                // It runs the local command, and may be one that lets nobody in.
                environment: ["SHELL": "/bin/sh"],
                scratch: folder,
                onLine: { [weak self] in self?.said($0) },
                onExit: { [weak self] in self?.ended($0) }
            )
        } catch {
            rmdir(folder)
            throw error
        }
        self.near = .unix(near)
    }

    private func arguments(from near: String) -> [String] {
        let far: String
        if let path = target.address?.unixPath {
            far = path
        } else {
            let host = target.host.contains(":") ? "[\(target.host)]" : target.host
            far = "\(host):\(target.port ?? 0)"
        }
        let options = [
            "BatchMode=yes", "ExitOnForwardFailure=yes", "LogLevel=INFO", "ConnectTimeout=10",
            // A link that is dead is found within 15 s.
            "ServerAliveInterval=5", "ServerAliveCountMax=3",
            // Another's master would keep the forward after us.
            "ControlMaster=no", "ControlPath=none", "ForwardAgent=no",
            // Run once all forwards are bound.
            "PermitLocalCommand=yes", "LocalCommand=echo \(SSHTunnel.readyLine)",
        ]
        return command + ["-N", "-T", "-L", "\(near):\(far)"]
            + options.flatMap { ["-o", $0] } + via.words.dropLast() + ["--"] + via.words.suffix(1)
    }

    private static let readyLine = "healthgate-tunnel-stands"

    private func said(_ line: String) {
        if line == SSHTunnel.readyLine {
            isOpen = true
            lastLine = nil
            return settle(.success(()))
        }
        // ssh ends its lines as a terminal wants it.
        var text = line.split(whereSeparator: \.isNewline).joined(separator: " ").prefix(300)
        if text.hasSuffix(".") { text.removeLast() }
        if !text.isEmpty { lastLine = String(text) }
    }

    private func ended(_ exit: Subprocess.Exit) {
        let error = LoopError(.closed, words(lastLine ?? "it ended (\(exit))"))
        if !isOpen { failure = (error, until: .now + .seconds(1)) }
        isOpen = false
        process = nil
        near = nil
        settle(.failure(error))
        tellGone()
    }

    private func tellGone() {
        for waiter in watching { waiter.fulfil(.success(())) }
        watching = []
    }

    private func settle(_ result: Result<Void, LoopError>) {
        for waiter in waiting { waiter.fulfil(result) }
        waiting = []
    }

    private var name: String { "ssh " + via.words.joined(separator: " ") }

    private func words(_ why: String) -> String {
        // Not the variable's content: it may hold what is for nobody's log.
        let byHand = (command == ["ssh"] ? command : ["$HEALTHGATE_SSH"]) + via.words
        return "\(name): \(why); try by hand: \(byHand.joined(separator: " "))"
    }

    /// For nobody but us, and with a short name: the path of a socket has 107 bytes.
    private func makeFolder() throws(LoopError) -> String {
        var template = Array("/tmp/healthgate-ssh-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw .system(errno, "make a folder in /tmp") }
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
