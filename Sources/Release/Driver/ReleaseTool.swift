import FoundationEssentials
import Glibc
package import Loop

/// What the subcommands of `healthgate release` call: the driver with a terminal or a build log,
/// signals, and the report.
@EventLoop
package struct ReleaseTool {
    private let plan: PlanConfiguration
    private let file: String
    private let clock = SystemClock()

    /// - Parameter file: the plan's, as it was given.
    package init(_ plan: PlanConfiguration, file: String) {
        self.plan = plan
        self.file = file
        // A build log that goes away must not end a release half way.
        signal(SIGPIPE, SIG_IGN)
    }

    /// Prints what `run` would do.
    package func plan(version: String?) async -> Int32 {
        await looking { world in
            let (lines, end) = await PlanText(world).lines(version: version)
            for line in lines { Terminal.say(line) }
            for line in EndText.lines(end, ImpactTable()) { Terminal.say(line) }
            return end.code.rawValue
        }
    }

    package func status() async -> Int32 {
        await looking { world in
            for line in await StatusText(world).lines() { Terminal.say(line) }
            return 0
        }
    }

    package func run(version: String, approved: Bool) async -> Int32 {
        await driving { await $0.run(version: version, approval: approval(approved)) }
    }

    package func resume(approved: Bool) async -> Int32 {
        await driving { await $0.resume(approval: approval(approved)) }
    }

    package func abort() async -> Int32 {
        await driving { await $0.abort() }
    }

    private func approval(_ given: Bool) -> Approval {
        if given { return .given }
        return Terminal.isInteractive ? Approval { await Terminal.ask($0) } : .unavailable
    }

    private func looking(_ body: (ReleaseWorld) async -> Int32) async -> Int32 {
        do {
            let quiet = ProgressLines(clock: clock) { Terminal.say($0) }
            let world = try await ReleaseWorld.live(
                plan,
                file: file,
                observer: quiet,
                clock: clock
            )
            defer { world.close() }
            return await body(world)
        } catch {
            return fail(error)
        }
    }

    private func driving(_ body: (Releaser) async -> ReleaseEnd) async -> Int32 {
        let shown: any ReleaseObserver =
            Terminal.isScreen
            ? ProgressTable(clock: clock, width: { Terminal.width }, write: { Terminal.write($0) })
            : ProgressLines(clock: clock) { Terminal.say($0) }
        let recorder = ReleaseRecorder(clock: clock, passingTo: shown)
        let world: ReleaseWorld
        do {
            world = try await .live(plan, file: file, observer: recorder, clock: clock)
        } catch {
            return fail(error)
        }
        let releaser = Releaser(world, who: ReleaseTool.who)
        let terminate = SignalHandler(SIGTERM) { releaser.interrupt() }
        let interrupt = SignalHandler(SIGINT) { releaser.interrupt() }
        let end = await body(releaser)
        world.close()
        // Held until here: from now on a signal ends the process as usual.
        _ = consume terminate
        _ = consume interrupt
        await write(recorder.report)
        return end.code.rawValue
    }

    /// Beside the journal, one a release; a report that cannot be written changes no outcome.
    private func write(_ report: ReleaseReport) async {
        guard !report.release.isEmpty else { return }
        let folder = plan.journal.lastIndex(of: "/").map { plan.journal[...$0] } ?? ""
        let path = "\(folder)\(report.release).report.json"
        do {
            try await Files.writeDurably(try report.json(), to: path)
        } catch {
            Terminal.complain("the report could not be written: \(error)")
        }
    }

    private func fail(_ error: any Error) -> Int32 {
        guard let refusal = error as? Refusal else {
            Terminal.complain("\(error)")
            return ExitCode.usage.rawValue
        }
        Terminal.complain(refusal.end.sentence)
        return refusal.end.code.rawValue
    }

    /// The build that drives, or the person at their machine.
    private static var who: String {
        func variable(_ name: String) -> String? {
            getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        }
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
        let user = variable("BUILD_TAG") ?? variable("USER") ?? "uid \(getuid())"
        return "\(user)@\(host) (pid \(getpid()))"
    }
}
