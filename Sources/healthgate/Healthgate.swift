import ArgumentParser

@main
struct Healthgate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthgate",
        abstract: "An Envoy-aware health and connectivity gateway with a release driver.",
        subcommands: [
            ServeCommand.self, ConfigCommand.self, ProbeCommand.self, ReleaseCommand.self,
            APITestCommand.self, StatusCommand.self, ExplainCommand.self, DrainCommand.self,
            UndrainCommand.self, HistoryCommand.self, EventsCommand.self, HealthcheckCommand.self,
        ]
    )

    static func main() async {
        let words = Array(CommandLine.arguments.dropFirst())
        // A gateway is to answer at once when it starts, and the tree of all commands takes longer
        // to build than all else of it. Whatever is not right is for the tree to say.
        if words.first == ServeCommand._commandName,
            let serve = try? ServeCommand.parse(Array(words.dropFirst()))
        {
            do { try await serve.run() } catch { exit(withError: error) }
        } else {
            await main(words)
        }
    }
}
