import ArgumentParser
import Glibc
import Loop
import Release
import YAML

/// Which gateway a command asks, and with what.
struct AdminOptions: ParsableArguments {
    static let standard = "http://127.0.0.1:9981"

    @Option(
        help: ArgumentHelp(
            "The gateway's admin port: http://, https:// or unix:PATH; else the variable "
                + "HEALTHGATE_ADMIN, else \(standard).",
            valueName: "url"
        )
    )
    var admin: String?

    @Option(help: "The file that holds the token; else the variable HEALTHGATE_TOKEN is one.")
    var tokenFile: String?

    @Option(help: "The authorities that the port's certificate must come from.")
    var ca: String?

    @Option(help: "The certificate to show, with --key.")
    var cert: String?

    @Option(help: "The key of --cert.")
    var key: String?

    @Option(help: "How long to wait for an answer, in seconds.")
    var timeout: Double = 5

    @Flag(help: "What the gateway answers, as JSON.")
    var json = false

    /// Runs `body` on the loop and ends with the code it gives; 3 when the gateway does not answer.
    func exit(
        _ body: @escaping @EventLoop @Sendable (AskedGateway) async throws(AdminFault) -> Int32
    ) async throws -> Never {
        let url = self.admin ?? getenv("HEALTHGATE_ADMIN").map { String(cString: $0) }
        let place = url ?? AdminOptions.standard
        let admin: PlanConfiguration.Admin
        do throws(YAMLMismatch) { admin = try way(to: place) } catch {
            printError("--admin: \(error.message)")
            throw ExitCode(64)
        }
        if admin.tellsItsToken {
            printError("warning: the token goes to \(place) in the clear: use https://")
        }
        guard timeout.isFinite else {
            printError("--timeout wants seconds")
            throw ExitCode(64)
        }
        let limit = Duration.seconds(min(max(timeout, 0.01), 3600))
        let code = try await EventLoop.task { () -> Int32 in
            do {
                let client = try await AdminWays(SSHTunnels()).client(admin, of: "the gateway")
                return try await body(AskedGateway(client: client, url: place, limit: limit))
            } catch let fault as AdminFault {
                printError("\(place) \(fault.message)")
                return fault.code
            } catch let refusal as Refusal {
                printError(refusal.end.sentence)
                return 64
            }
        }.value
        throw ExitCode(code)
    }

    private func way(to place: String) throws(YAMLMismatch) -> PlanConfiguration.Admin {
        let url = try AdminURL(reading: place)
        guard (cert == nil) == (key == nil) else {
            throw YAMLMismatch("--cert and --key: give both")
        }
        guard url.isTLS || (ca == nil && cert == nil) else {
            throw YAMLMismatch("--ca and --cert want an https:// URL")
        }
        let variable = "HEALTHGATE_TOKEN"
        return PlanConfiguration.Admin(
            url.endpoint,
            tls: url.isTLS ? TLSSettings(certificate: cert, key: key, authorities: ca) : nil,
            token: tokenFile.map { .file($0) }
                ?? (getenv(variable) == nil ? nil : .environment(variable))
        )
    }
}
