import ArgumentParser
import Glibc
import Loop
import World

struct SoakCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak",
        abstract: "Release again and again, each time over a new world; stop at the first loss."
    )

    @Option(help: "How often.")
    var rounds = 10

    @Option(help: "The Envoy to run; by default .venv/bin/envoy.")
    var envoy: String?

    func run() async throws {
        let programs = try Programs.find(envoy: envoy)
        for round in 1...max(rounds, 1) {
            let (text, last, isClean) = try await interruptible {
                let run = try DemoRun(
                    .careful,
                    programs: programs,
                    isOnTerminal: false,
                    say: { _ in }
                )
                let layout = run.layout
                let report = try await run.run()
                return (report.text(naming: layout.named), report.lastLine, report.isClean)
            }
            print("\(round) of \(rounds): \(isClean ? last : text)")
            fflush(nil)
            if !isClean { throw ExitCode(1) }
        }
    }
}
