import ArgumentParser
import Loop
import World

struct CleanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: "End what is left of a world whose demo was killed."
    )

    @Option(help: "The world's folder.")
    var dir: String

    func run() async throws {
        let dir = dir
        try await EventLoop.task {
            await DemoWorld.end(try WorldLayout(savedIn: dir))
        }.value
    }
}
