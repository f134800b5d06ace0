import ArgumentParser
import Health
import Loop
import Probes
import YAML

/// `healthgate probe`: one attempt by hand.
struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Look at one target as a check would, and say how far it went.",
        discussion: """
            TARGET is what a gateway's file has under check:, for instance \
            postgres://USER@HOST:PORT/DB. Exits 0 up, 1 degraded, 2 down, 3 unknown, 64 for a wrong \
            target.
            """
    )

    @Argument(help: "The URL of the target.")
    var target: String

    @Option(help: "How far to go: \(Depth.allCases.map(\.rawValue).joined(separator: ", ")).")
    var depth: String?

    @Option(help: "The file that holds the password.")
    var passwordFile: String?

    @Option(help: "The role that is expected: primary or replica.")
    var role: String?

    @Option(help: "How long the whole attempt may take, in seconds.")
    var timeout: Double = 5

    @Option(
        help: ArgumentHelp(
            "Another key of a check, such as 'expect: { free: 2GiB }'.",
            valueName: "key: value"
        )
    )
    var with: [String] = []

    @Argument(parsing: .postTerminator, help: "What exec: runs, after --.")
    var command: [String] = []

    @Flag(help: "The connection ends at the sidecar: blame it where it is to blame.")
    var throughSidecar = false

    func run() async throws {
        let target: ProbeTarget
        do throws(YAMLError) {
            target = try ProbeOptions(
                url: self.target,
                depth: depth,
                passwordFile: passwordFile,
                role: role,
                throughSidecar: throughSidecar,
                with: with,
                command: command
            ).target()
        } catch {
            printError(error.description)
            throw ExitCode(64)
        }
        let limit = Duration.seconds(min(max(timeout, 0.01), 3600))
        let outcome = try await EventLoop.task {
            let probe = AnyProbe.make(target)
            defer { probe.close() }
            return await probe.run(until: .now + limit)
        }.value
        for line in ProbeText(target, outcome).lines { print(line) }
        throw ExitCode(ProbeCommand.code(outcome))
    }

    private static func code(_ outcome: Outcome) -> Int32 {
        if outcome.failure?.reason == .internal { return 3 }
        return switch outcome.level {
        case .up: 0
        case .degraded: 1
        case .down: 2
        }
    }
}
