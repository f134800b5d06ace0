import ArgumentParser
import Loop
import World

@main
struct HealthgateDemo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthgate-demo",
        abstract: "A release over four hosts behind a real Envoy, under load, exactly counted.",
        subcommands: [
            RunCommand.self, ScenariosCommand.self, SoakCommand.self, AppCommand.self,
            HostCommand.self, SuperviseCommand.self, CleanCommand.self,
        ],
        defaultSubcommand: RunCommand.self
    )
}

extension Fault: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

/// A duration with its unit, as on every command line and in every file of healthgate.
struct Time: ExpressibleByArgument {
    let duration: Duration

    init(_ duration: Duration) { self.duration = duration }

    init?(argument: String) {
        guard let duration = Duration(unit: argument) else { return nil }
        self.duration = duration
    }

    var defaultValueDescription: String { "\(duration.milliseconds)ms" }
}
