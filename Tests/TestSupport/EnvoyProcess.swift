import Glibc
import HTTP
package import Loop

/// A real Envoy with a configuration of the test's own, in a folder of its own.
@EventLoop
package final class EnvoyProcess {
    private static var program: String {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return "/\(root)/.venv/bin/envoy"
    }

    package let folder: TemporaryFolder
    private let process: ChildProcess
    private var admin: HTTPClient?
    private var adminPlace: Endpoint?

    package struct Failure: Error {
        package let words: String
    }

    /// `configuration` has no admin of its own. When this returns, Envoy answers.
    package init(_ configuration: String) async throws {
        guard access(Self.program, X_OK) == 0 else {
            throw Failure(words: "\(Self.program) is not there: run make install")
        }
        folder = try TemporaryFolder()
        let file = "\(folder.path)/envoy.yaml"
        let admin =
            "admin: { address: { socket_address: { address: 127.0.0.1, port_value: 0 } } }\n"
        try await Files.writeDurably(Array((admin + configuration).utf8), to: file)
        process = try ChildProcess(
            [
                Self.program, "-c", file, "--concurrency", "1", "--disable-hot-restart",
                "--admin-address-path", "\(folder.path)/admin",
                "--service-node", "test", "--service-cluster", "test",
                // Why a TLS handshake failed is said nowhere else.
                "--log-level", "warn", "--component-log-level", "connection:debug",
            ],
            log: "\(folder.path)/log"
        )
        do {
            try await findAdmin()
        } catch {
            stop()
            throw error
        }
    }

    /// Where its admin interface listens.
    package var adminEndpoint: Endpoint {
        get throws {
            guard let adminPlace else { throw Failure(words: "no admin") }
            return adminPlace
        }
    }

    /// It goes on listening and answers nothing, until it is stopped.
    package func freeze() { process.signalGroup(SIGSTOP) }

    package func stop() { process.signalGroup(SIGKILL) }

    /// What its admin answers, for instance to `/clusters`.
    package func ask(_ path: String) async throws -> String {
        guard let admin else { throw Failure(words: "no admin") }
        return try await admin.send(HTTPRequest(path), until: .now + .seconds(10)).text
    }

    /// Where its listeners are, by their names.
    package func listeners() async throws -> [String: SocketAddress] {
        var found: [String: SocketAddress] = [:]
        for line in try await ask("/listeners").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            found[String(parts[0])] = SocketAddress(String(parts[2]))
        }
        return found
    }

    /// The counters and gauges whose names match.
    package func stats(_ filter: String) async throws -> [String: Int] {
        var found: [String: Int] = [:]
        for line in try await ask("/stats?filter=\(filter)").split(separator: "\n") {
            let parts = line.split(separator: ":")
            guard parts.count == 2, let value = Int(parts[1].dropFirst()) else { continue }
            found[String(parts[0])] = value
        }
        return found
    }

    package func log() async throws -> String {
        String(decoding: try await Files.read("\(folder.path)/log") ?? [], as: UTF8.self)
    }

    /// Envoy tells no one when it is ready, so it is asked until it says so.
    private func findAdmin() async throws {
        let deadline = Instant.now + .seconds(20)
        while true {
            guard deadline > .now, !process.hasExited else {
                throw Failure(words: String(try await log().suffix(2000)))
            }
            try await EventLoop.sleep(for: .milliseconds(20))
            guard let address = try await Files.read("\(folder.path)/admin"),
                let endpoint = Endpoint(String(decoding: address, as: UTF8.self))
            else { continue }
            let client = HTTPClient(endpoint, keepAlive: false)
            guard (try? await client.send(HTTPRequest("/ready"), until: deadline))?.status == 200
            else { continue }
            admin = client
            adminPlace = endpoint
            return
        }
    }
}
