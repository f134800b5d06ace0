import ArgumentParser

@main
struct Healthgate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthgate",
        abstract: "An Envoy-aware health and connectivity gateway with a release driver.",
        subcommands: [ServeCommand.self, ConfigCommand.self, ReleaseCommand.self]
    )
}
