import Gateway
import HTTP
import Loop
import TestSupport
import Testing

/// With a real other address, and curl: see `NetworkNamespace` for what that wants.
@EventLoop
@Suite(.timeLimit(.minutes(2)))
struct `From another machine` {
    private let hold = #"{"owner":"other","reason":"test"}"#

    /// A gateway whose admin port listens at `address`, with both tokens.
    private func gateway(at address: String) async throws -> TestGateway {
        let world = try TestGateway.World()
        world.configuration.listen.admin = try SocketAddress("\(address):0").orFail()
        let folder = TemporaryFolder.make()
        for role in ["read", "change"] {
            try await Files.writeDurably(Array("\(role)-secret\n".utf8), to: "\(folder)/\(role)")
        }
        world.configuration.access.read.token = .file("\(folder)/read")
        world.configuration.access.change.token = .file("\(folder)/change")
        return try await TestGateway(world)
    }

    @Test func `nobody gets in without a token, and each token is for its role`() async throws {
        try await NetworkNamespace.with { machine in
            let gateway = try await gateway(at: machine.here)
            let origin = "http://\(gateway.service.adminAddress)"
            func call(_ method: String, _ path: String, _ more: String...) async throws -> Int? {
                let curl = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}"]
                let output = try await machine.run(
                    curl + ["--max-time", "10", "-X", method, origin + path] + more
                )
                #expect(output.exit == .code(0), "\(output.output)")
                return Int(output.output)
            }
            func drain(_ more: String...) async throws -> Int? {
                let json = ["-H", "content-type: application/json", "-d", hold] + more
                let curl = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-X", "PUT"]
                return Int(try await machine.run(curl + json + ["\(origin)/drain"]).output)
            }
            for path in ["/", "/status", "/events", "/metrics", "/config", "/drain", "/nothing"] {
                #expect(try await call("GET", path) == 401)
                #expect(try await call("GET", path, "-H", "host: localhost") == 401)
            }
            #expect(try await drain() == 401)
            #expect(try await call("POST", "/healthcheck/fail") == 401)
            #expect(try await call("POST", "/reload") == 401)

            let read = "authorization: Bearer read-secret"
            #expect(try await call("GET", "/status", "-H", read) == 200)
            #expect(try await drain("-H", read) == 403)
            #expect(try await call("POST", "/healthcheck/fail", "-H", read) == 403)
            #expect(!gateway.service.gateway.store.state.isDrained)

            let change = "authorization: Bearer change-secret"
            #expect(try await call("GET", "/status", "-H", change) == 200)
            #expect(try await drain("-H", change) == 200)
            #expect(gateway.service.gateway.store.state.holds.map(\.owner) == ["other"])
            for wrong in ["change-secreT", "change-secret2", "change-secre", "x"] {
                let header = "authorization: Bearer \(wrong)"
                #expect(try await call("DELETE", "/drain?owner=other", "-H", header) == 403)
            }
            #expect(gateway.service.gateway.store.state.isDrained)
            #expect(try await call("DELETE", "/drain?owner=other", "-H", change) == 200)
            #expect(!gateway.service.gateway.store.state.isDrained)

            let calls = gateway.world.log.of("call")
            #expect(calls.count == 2)
            #expect(
                calls.allSatisfy { $0.contains(#"who="token change" from=\#(machine.there):"#) }
            )
            await gateway.service.stop()
        }
    }

    @Test func `nobody reaches a port on loopback at all`() async throws {
        try await NetworkNamespace.with { machine in
            let gateway = try await gateway(at: "127.0.0.1")
            let port = try gateway.service.adminAddress.port.orFail()
            let output = try await machine.run(
                ["curl", "-s", "--max-time", "10", "http://\(machine.here):\(port)/status"]
            )
            #expect(output.exit == .code(7))  // it cannot connect
            await gateway.service.stop()
        }
    }
}
