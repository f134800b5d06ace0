import ArgumentParser
import Gateway
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
            postgres://USER@HOST:PORT/DB. With --sidecar the address is a listener of that sidecar, and \
            what the sidecar knows of a failure is told; --with 'direct: HOST:PORT' asks past it too. Exits 0 up, 1 degraded, 2 down, 3 unknown, 64 for a wrong \
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

    @Option(
        help: ArgumentHelp(
            "The admin address of the sidecar that it goes through.",
            valueName: "url"
        )
    )
    var sidecar: String?

    @Flag(help: "A line for each hop and each phase.")
    var trace = false

    @Flag(help: "One JSON object.")
    var json = false

    func run() async throws {
        let asked: ProbeOptions.Asked
        do throws(YAMLError) {
            asked = try ProbeOptions(
                url: self.target,
                depth: depth,
                passwordFile: passwordFile,
                role: role,
                throughSidecar: throughSidecar,
                sidecar: sidecar,
                with: with,
                command: command
            ).asked()
        } catch {
            printError(error.description)
            throw ExitCode(64)
        }
        guard timeout.isFinite else {
            printError("--timeout wants seconds")
            throw ExitCode(64)
        }
        let limit = Duration.seconds(min(max(timeout, 0.01), 3600))
        let target = asked.target
        let outcome = try await EventLoop.task {
            let witness = asked.sidecar.map { SidecarWitness(admin: $0) }
            let probe = BlamedProbe(target, witness: { witness }, makeProbe: AnyProbe.make)
            defer {
                probe.close()
                witness?.close()
            }
            return await probe.run(until: .now + limit)
        }.value
        let text = ProbeText(target, outcome)
        if json {
            print(ProbeDocument(target, outcome).json)
        } else {
            for line in trace ? text.trace : text.lines { print(line) }
        }
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
