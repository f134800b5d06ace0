import ArgumentParser
import Gateway
import Probes
import YAML

/// `healthgate serve`: the gateway itself.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Answer the edges' health checks, and hold the drain.",
        discussion: """
            SIGTERM drains and leaves in order, a second one at once; SIGHUP reads FILE again. \
            Exits 0 after an orderly stop, 64 when FILE is wrong, 1 when it cannot start.
            """
    )

    @Option(name: [.short, .long], help: "The gateway's file.")
    var config: String = "/etc/healthgate/gateway.yaml"

    func run() async throws {
        let file = config
        do {
            try await GatewayService.run(
                loadConfiguration: { try await GatewayFile.load(file, warn: printError) },
                makeProbe: { AnyProbe.make($0) }
            )
        } catch let error as YAMLError {
            printError(error.description)
            throw ExitCode(64)
        } catch {
            printError("healthgate: \(error)")
            throw ExitCode(1)
        }
    }
}
