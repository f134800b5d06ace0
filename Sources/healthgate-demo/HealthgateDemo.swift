import ArgumentParser

@main
struct HealthgateDemo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "healthgate-demo")
}
