import ArgumentParser
import Glibc
import Loop
import World

/// A host's controls: what `runtime: command` of the demo's plan calls.
struct HostCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "host",
        abstract: "Stop, start or ask one host of a world."
    )

    enum Verb: String, CaseIterable, ExpressibleByArgument {
        case pull, stop, version
        case startProxy = "start-proxy"
        case startApps = "start-apps"
    }

    @Argument(help: "\(Verb.allCases.map(\.rawValue).joined(separator: ", ")).")
    var verb: Verb

    @Option(help: "The world's folder.")
    var dir: String

    @Option(help: "The host's name.")
    var host: String

    @Option(help: "For pull and start-apps.")
    var version: String?

    @Option(help: "For stop: how long the apps' last calls may take.")
    var grace = Time(HostControl.grace)

    func run() async throws {
        let (verb, dir, name, grace) = (verb, dir, host, grace.duration)
        let version = version
        do {
            let output = try await EventLoop.task { () async throws -> String? in
                let layout = try WorldLayout(savedIn: dir)
                let control = HostControl(try layout.host(name))
                if KillPoint(verb.rawValue, isAfter: false).strike(in: layout) { return nil }
                defer { _ = KillPoint(verb.rawValue, isAfter: true).strike(in: layout) }
                switch verb {
                case .pull: try control.pull(try Self.named(version))
                case .stop: try await control.stop(grace: grace)
                case .startProxy: try await control.startProxy()
                case .startApps: try await control.startApps(try Self.named(version))
                case .version: return control.version()
                }
                return nil
            }.value
            if let output { print(output) }
        } catch let error as WorldError {
            print("\(name): \(error)")
            throw ExitCode(1)
        }
    }

    private static func named(_ version: String?) throws -> String {
        guard let version else { throw ValidationError("--version is needed") }
        return version
    }
}
