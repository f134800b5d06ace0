import ArgumentParser
import Loop
import World

struct SuperviseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "supervise",
        abstract: "Run a program and start it again whenever it ends.",
        shouldDisplay: false
    )

    @Option(help: "The supervisor's pid file; the program's is beside it.")
    var pidFile: String

    @Option(help: "Where the program's output goes.")
    var log: String

    @Argument(parsing: .postTerminator)
    var argv: [String]

    func run() async throws {
        let (argv, log, pidFile) = (argv, log, pidFile)
        try await EventLoop.task {
            try await Supervisor(argv, log: log, pidFile: pidFile).run()
        }.value
    }
}
