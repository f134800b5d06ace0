import Gateway
import HTTP
import Loop
import Testing

@EventLoop
@Suite(.timeLimit(.minutes(1)))
struct `The admin port` {
    @Test func `changes nothing on a GET, and knows what it takes`() async throws {
        let gateway = try await TestGateway()
        for path in ["/healthcheck/fail", "/healthcheck/ok", "/reload", "/connectivity"] {
            let answer = try await gateway.call("GET", path)
            #expect(answer.status == 405)
            #expect(answer.headers["allow"] == "POST")
        }
        #expect(try await gateway.call("POST", "/drain").status == 405)
        #expect(try await gateway.call("GET", "/nothing").status == 404)
        #expect(try await gateway.call("GET", "/drain").text.contains(#""drained":false"#))
    }

    @Test(
        arguments: [
            ("PUT", "/drain", ""), ("PUT", "/drain", "{}"), ("PUT", "/drain", "[1]"),
            ("PUT", "/drain", #"{"owner":""}"#), ("PUT", "/drain", #"{"owner":"a b"}"#),
            ("PUT", "/drain", #"{"owner":"state-unreadable"}"#), ("DELETE", "/drain", ""),
            ("DELETE", "/drain?owner=a&epoch=x", ""), ("PUT", "/lease", #"{"release":"r"}"#),
            ("PUT", "/lease", #"{"release":"r","epoch":-1,"ttl":1}"#),
            ("DELETE", "/lease?release=r", ""), ("GET", "/drain?wait=soon", ""),
            ("POST", "/connectivity?wait=-1s", ""),
        ]
    )
    func `says what is wrong with a wrong call`(_ method: String, _ path: String, _ body: String)
        async throws
    {
        let gateway = try await TestGateway()
        let answer = try await gateway.call(method, path, body)
        #expect(answer.status == 400)
        #expect(answer.text.contains(#""error":"#))
        #expect(!gateway.service.gateway.store.state.isDrained)
    }

    @Test func `refuses a foreign host and asks for its tokens`() async throws {
        let world = try TestGateway.World()
        let file = TemporaryFolder.make() + "/token"
        try await Files.writeDurably(Array("change-secret\n".utf8), to: file)
        world.configuration.access.change.token = .file(file)
        let gateway = try await TestGateway(world)
        let foreign = HTTPRequest("/status", authority: "evil.example")
        #expect(try await gateway.admin.send(foreign, until: .now + .seconds(5)).status == 403)
        #expect(try await gateway.call("GET", "/status").status == 200)
        #expect(try await gateway.drain("me").status == 401)
        let token: HTTPHeaders = ["authorization": "Bearer change-secret"]
        let body = #"{"owner":"me","reason":"test"}"#
        #expect(try await gateway.call("PUT", "/drain", body, headers: token).status == 200)
        let config = try await gateway.call("GET", "/config").text
        #expect(config.contains("(secret)"))
        #expect(!config.contains("change-secret"))
        // A token that is replaced counts from the next reload on; a broken file changes nothing.
        try await Files.writeDurably(Array("two words\n".utf8), to: file)
        #expect(try await gateway.call("POST", "/reload", headers: token).status == 422)
        try await Files.writeDurably(Array("another-secret\n".utf8), to: file)
        #expect(try await gateway.call("POST", "/reload", headers: token).status == 200)
        #expect(try await gateway.call("PUT", "/drain", body, headers: token).status == 403)
    }
}
