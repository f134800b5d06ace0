import Gateway
import Glibc
import HTTP
import Loop
import TestSupport
import Testing

/// Over the wire: by certificate, by user, by a token that is replaced.
@EventLoop
@Suite(.timeLimit(.minutes(1)))
struct `Who calls the admin port` {
    private let body = #"{"owner":"me","reason":"test"}"#

    @Test(arguments: [HTTPClient.Version.http1, .http2])
    func `is known by the certificate that a client shows`(version: HTTPClient.Version) async throws
    {
        let certificates = try await Certificates()
        let world = try TestGateway.World()
        var settings = try await certificates.make("east-1")
        settings.authorities = certificates.authorities
        world.configuration.listen.adminTLS = settings
        world.configuration.access.read.certificates = ["grafana.example"]
        world.configuration.access.change.certificates = ["jenkins.example"]
        let gateway = try await TestGateway(world)
        func client(_ name: String, _ names: String) async throws -> HTTPClient {
            var own = try await certificates.make(name, names: names)
            own.authorities = certificates.authorities
            let endpoint = Endpoint(gateway.service.adminAddress)
            return HTTPClient(endpoint, version: version, tls: try .client(own))
        }
        func status(_ client: HTTPClient, _ method: String, _ path: String) async throws -> Int {
            let request = HTTPRequest(method, path, authority: "localhost")
            return try await client.send(request, until: .now + .seconds(10)).status
        }
        let jenkins = try await client("jenkins", "DNS:ci.example,DNS:jenkins.example")
        #expect(try await status(jenkins, "POST", "/healthcheck/fail") == 200)
        #expect(try await status(jenkins, "GET", "/status") == 200)
        let grafana = try await client("grafana", "DNS:grafana.example")
        #expect(try await status(grafana, "GET", "/status") == 200)
        #expect(try await status(grafana, "POST", "/healthcheck/ok") == 403)
        // The subject's name counts only where there is no other.
        let other = try await client("jenkins.example", "DNS:other.example")
        #expect(try await status(other, "GET", "/status") == 403)
        let event = gateway.service.gateway.history.events.first { $0.kind == "call" }
        #expect("\(try event.orFail().json)".contains(#""who":"certificate jenkins.example""#))
        await gateway.service.stop()
    }

    @Test func `is known over a Unix socket by the user that the kernel names`() async throws {
        let world = try TestGateway.World()
        let folder = TemporaryFolder.make()
        #expect(chmod(folder, 0o755) == 0)
        let path = "\(folder)/admin.sock"
        world.configuration.listen.admin = .unix(path)
        let before = umask(0o077)
        let gateway = try await TestGateway(world)
        umask(before)
        var info = stat()
        #expect(stat(path, &info) == 0)
        #expect(info.st_mode & 0o777 == 0o666)
        // The user of these tests is root, or the gateway's own.
        #expect(try await gateway.call("PUT", "/drain", body).status == 200)
        let event = gateway.service.gateway.history.events.first { $0.kind == "call" }
        let call = "\(try event.orFail().json)"
        #expect(call.contains(#""who":"unix uid \#(getuid()) ("#))
        #expect(call.contains(#") pid \#(getpid())","from":"unix","status":200"#))
        // And somebody else. This wants root, which alone may become another.
        func nobody(_ arguments: String...) async throws -> String {
            let become = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
            let curl = [
                "curl", "-s", "-w", "%{http_code}", "--max-time", "10", "--unix-socket", path,
            ]
            let ran = try await Subprocess.run(
                become + curl + arguments,
                until: .now + .seconds(20)
            )
            #expect(ran.exit == .code(0), "\(ran.output)")
            return ran.output
        }
        #expect(try await nobody("http://localhost/drain").hasSuffix("200"))
        let refused = try await nobody("-X", "DELETE", "http://localhost/drain?owner=me")
        #expect(refused.hasSuffix("403"))
        #expect(refused.contains("changing needs to be root"))
        #expect(refused.contains("this call shows unix uid 65534 pid "))
        #expect(gateway.service.gateway.store.state.isDrained)
        // A name, looked up when the gateway reads its file.
        world.configuration.access.change.users = [.name("nobody")]
        _ = await gateway.service.reload()
        #expect(
            try await nobody("-X", "DELETE", "http://localhost/drain?owner=me").hasSuffix("200")
        )
        #expect(!gateway.service.gateway.store.state.isDrained)
        #expect(try await gateway.call("PUT", "/drain", body).status == 403)
        world.configuration.access.change.users = [.name("nobody-at-all")]
        guard case .refused(let why) = await gateway.service.reload() else {
            Issue.record("a user that nobody knows was taken")
            return
        }
        #expect(why.contains("no user nobody-at-all"))
        await gateway.service.stop()
    }

    @Test func `may have a new token from a reload on, and not the old one`() async throws {
        let world = try TestGateway.World()
        let file = TemporaryFolder.make() + "/token"
        try await Files.writeDurably(Array("first-secret\n".utf8), to: file)
        world.configuration.access.change.token = .file(file)
        let gateway = try await TestGateway(world)
        func status(_ token: String) async throws -> Int {
            let headers: HTTPHeaders = ["authorization": "Bearer \(token)"]
            return try await gateway.call("PUT", "/drain", body, headers: headers).status
        }
        try await Files.writeDurably(Array("second-secret\n".utf8), to: file)
        #expect(try await status("first-secret") == 200)
        #expect(try await status("second-secret") == 403)
        // What SIGHUP does.
        _ = await gateway.service.reload()
        #expect(try await status("first-secret") == 403)
        #expect(try await status("second-secret") == 200)
        for bad in ["short\n", "two words-here\n", String(repeating: "x", count: 257)] {
            try await Files.writeDurably(Array(bad.utf8), to: file)
            guard case .refused(let why) = await gateway.service.reload() else {
                Issue.record("\(bad) was taken")
                return
            }
            #expect(why.contains("must hold one token of 8 to 256 characters"))
        }
        #expect(try await status("second-secret") == 200)
    }

    @Test func `must be settled before others can reach the port`() async throws {
        let world = try TestGateway.World()
        world.configuration.listen.admin = try SocketAddress("0.0.0.0:0").orFail()
        world.configuration.access.read.certificates = ["grafana.example"]
        await #expect(throws: GatewayService.StartError.self) { try await TestGateway(world) }
    }
}
