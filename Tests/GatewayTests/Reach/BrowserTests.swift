import Gateway
import HTTP
import Loop
import Testing

/// In a real browser on this machine, a page of another site against the admin port on loopback,
/// which is everybody's here; and the same page against a server that minds nothing.
@EventLoop
@Suite(.timeLimit(.minutes(5)))
struct `A page of another site` {
    /// What has come of it, by attempt.
    private func results(
        against target: String,
        rebound: HTTPClient? = nil
    ) async throws -> [String: String] {
        let site = ForeignSite(against: target, rebound: rebound)
        let server = try HTTPServer(try SocketAddress("127.0.0.2:0").orFail(), handler: site)
        // By its number, or by a name: the browser then cannot tell that it is this machine.
        let url = rebound == nil ? "http://\(server.address)/evil" : "http://evil.example/evil"
        let found = try await Browser.open(
            url,
            names: "MAP evil.example:80 \(server.address), MAP evil.example 127.0.0.1",
            until: site.results
        )
        await server.close(within: .seconds(1))
        return found
    }

    private func careless() throws -> (CarelessServer, HTTPServer) {
        let careless = CarelessServer()
        let address = try SocketAddress("127.0.0.1:0").orFail()
        return (careless, try HTTPServer(address, handler: careless))
    }

    /// Nothing has been read and nothing changed, though all of it has arrived.
    private func expectUnharmed(_ gateway: TestGateway, _ results: [String: String]) throws {
        #expect(results.count == 13)
        for (name, result) in results {
            #expect(!result.contains("east-1"), "\(name): \(result)")
            #expect(!result.contains(" 200 "), "\(name): \(result)")
            #expect(
                !result.hasPrefix("read ") || result.contains("\"error\""),
                "\(name): \(result)"
            )
            #expect(result != "opened", "\(name)")
        }
        let store = gateway.service.gateway.store
        #expect(store.state.holds.map(\.owner) == ["mine"])
        let calls = gateway.service.gateway.history.events.filter { $0.kind == "call" }
        #expect(calls.count == 1)  // the hold that the test itself has added
        #expect(gateway.service.gateway.refusedCalls.counts[403, default: 0] >= 13)
    }

    @Test(arguments: ["127.0.0.1", "localhost", "evil.example"])
    func `reads nothing and changes nothing`(host: String) async throws {
        let gateway = try await TestGateway()
        _ = try await gateway.drain("mine")
        let port = try gateway.service.adminAddress.port.orFail()
        let found = try await results(against: "http://\(host):\(port)")
        try expectUnharmed(gateway, found)
        await gateway.service.stop()
    }

    /// DNS rebinding: the page's own name now leads to the gateway, and so it is of the same site.
    @Test func `does so neither when its own name leads to the port`() async throws {
        let gateway = try await TestGateway()
        _ = try await gateway.drain("mine")
        let found = try await results(against: "", rebound: gateway.admin)
        try expectUnharmed(gateway, found)
        #expect(found["fetch"]?.hasPrefix("basic 403 ") == true)
        #expect(found["fetch"]?.contains("evil.example is not a name of this host") == true)
        await gateway.service.stop()
    }

    @Test func `reads and changes a server that minds nothing`() async throws {
        let (careless, server) = try careless()
        let found = try await results(against: "http://\(server.address)")
        let secret = CarelessServer.secret
        #expect(found["fetch"] == "cors 200 \(secret)")
        #expect(found["fetch no-cors"] == "opaque 0 ")
        #expect(found["image"] == "read 1x1")
        #expect(found["frame"] == "read \(secret)")
        #expect(found["events"] == "read \(secret)")
        #expect(found["put"] == "cors 200 ")
        #expect(
            careless.changes == [
                "POST /healthcheck/fail?by=fetch",
                "POST /healthcheck/fail?by=json application/json",
                "PUT /drain application/json", "DELETE /drain?owner=mine",
                "POST /healthcheck/fail?by=beacon",
                "POST /healthcheck/fail?by=form application/x-www-form-urlencoded",
                "POST /healthcheck/fail?by=form multipart/form-data",
                "POST /healthcheck/fail?by=form text/plain",
            ]
        )
        await server.close(within: .seconds(1))
    }

    @Test func `reads and changes such a server by its own name as well`() async throws {
        let (careless, server) = try careless()
        let found = try await results(against: "", rebound: HTTPClient(Endpoint(server.address)))
        #expect(found["fetch"] == "basic 200 \(CarelessServer.secret)")
        #expect(found["put"] == "basic 200 ")
        #expect(careless.changes.count == 8)
        await server.close(within: .seconds(1))
    }
}
