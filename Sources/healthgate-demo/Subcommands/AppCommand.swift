import ArgumentParser
import Glibc
import Loop
import World

struct AppCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "app",
        abstract: "One sample gRPC app: demo.App and grpc.health.v1."
    )

    @Option(help: "ip:port to listen on.")
    var listen: String

    @Option(help: "The app's name, given back in every answer.")
    var name: String

    @Option(help: "The host's name, given back in every answer.")
    var host = "localhost"

    @Option(help: "The version, given back in every answer.")
    var version = "v1"

    @Option(help: "How long to start up before listening.")
    var startDelay = Time(.zero)

    @Option(help: "What to do wrong: \(Fault.names.joined(separator: ", ")).")
    var fault: [Fault] = []

    @Option(help: "A file of faults, taken in place of these on SIGHUP.")
    var faultFile: String?

    func run() async throws {
        guard let address = SocketAddress(listen) else {
            throw ValidationError("--listen: not an address: \(listen)")
        }
        let options = SampleApp.Options(
            listen: address,
            name: name,
            host: host,
            version: version,
            faults: Set(fault)
        )
        let (delay, faultFile) = (startDelay.duration, faultFile)
        let code = try await EventLoop.task {
            try await AppProcess(options, startDelay: delay, faultFile: faultFile).run()
        }.value
        if code != 0 { throw ExitCode(code) }
    }
}
