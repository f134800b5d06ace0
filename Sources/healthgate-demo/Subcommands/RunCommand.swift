import ArgumentParser
import Glibc
import Loop
import World

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Start the world at v1, release v2 under load, count, stop everything."
    )

    @Option(help: "\(DemoRun.Variant.allCases.map(\.rawValue).joined(separator: ", ")).")
    var variant = DemoRun.Variant.careful

    @Option(help: "Front Envoys, 1 or 2.")
    var fronts = 1

    @Option(help: "Keep logs, configs and state in this folder.")
    var keep: String?

    @Option(help: "The Envoy to run; by default .venv/bin/envoy.")
    var envoy: String?

    @Flag(help: "Show the driver's lines, not its live table, also on a terminal.")
    var noTerminal = false

    @Flag(help: "Do not fail when this machine is too busy to send on time.")
    var anyLag = false

    func validate() throws {
        guard (1...2).contains(fronts) else { throw ValidationError("--fronts is 1 or 2") }
    }

    func run() async throws {
        let isOnTerminal = !noTerminal && isatty(1) == 1
        let (variant, fronts, keep, envoy) = (variant, fronts, keep, envoy)
        let judgesLag = !anyLag
        let (text, isClean) = try await interruptible {
            let run = try DemoRun(
                variant,
                fronts: fronts,
                directory: keep,
                programs: try Programs.find(envoy: envoy),
                isOnTerminal: isOnTerminal,
                judgesLag: judgesLag,
                say: { line in
                    print(line)
                    fflush(nil)
                }
            )
            let layout = run.layout
            let report = try await run.run()
            return (report.text(naming: layout.named), report.isClean)
        }
        print(text)
        if !isClean { throw ExitCode(1) }
    }
}

extension DemoRun.Variant: ExpressibleByArgument {}
