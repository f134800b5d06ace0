import Gateway
import HTTP
import Loop
import Testing

/// What keeps a browser from being used against the port, over the wire.
@EventLoop
@Suite(.timeLimit(.minutes(1)))
struct `Every answer of the admin port` {
    @Test(arguments: [
        ("GET", "/"), ("GET", "/status"), ("GET", "/metrics"), ("GET", "/drain"), ("GET", "/no"),
        ("GET", "/reload"), ("OPTIONS", "/drain"), ("OPTIONS", "*"), ("POST", "/healthcheck/ok"),
        ("PUT", "/drain"), ("GET", "/config"), ("GET", "/history"), ("GET", "/explain"),
    ])
    func `tells browsers to make nothing of it`(method: String, path: String) async throws {
        let gateway = try await TestGateway()
        expectSafe(try await gateway.call(method, path).headers)
        let foreign = try await gateway.call(
            method,
            path,
            headers: ["origin": "http://evil.example"]
        )
        #expect(foreign.status == 403)
        expectSafe(foreign.headers)
    }

    @Test func `is so for events as well`() async throws {
        let gateway = try await TestGateway()
        let stream = try await ByteStream.connect(
            to: gateway.service.adminAddress,
            until: .now + .seconds(5)
        )
        let request = "GET /events HTTP/1.1\r\nhost: localhost\r\n\r\n"
        try await stream.write(Array(request.utf8), until: .now + .seconds(5))
        var text = ""
        while !text.contains("\r\n\r\n") {
            let bytes = try await stream.read(until: .now + .seconds(5))
            text += String(decoding: try bytes.orFail(), as: UTF8.self)
        }
        for line in [
            "content-type: text/event-stream", "x-frame-options: DENY",
            "cross-origin-resource-policy: same-origin",
        ] { #expect(text.contains(line)) }
    }

    private func expectSafe(_ headers: HTTPHeaders) {
        #expect(headers["content-security-policy"]?.hasPrefix("default-src 'none'; ") == true)
        #expect(headers["x-content-type-options"] == "nosniff")
        #expect(headers["x-frame-options"] == "DENY")
        #expect(headers["referrer-policy"] == "no-referrer")
        #expect(headers["cross-origin-resource-policy"] == "same-origin")
        #expect(headers["cache-control"] == "no-store")
        for (name, _) in headers {
            #expect(!name.hasPrefix("access-control-"))
            #expect(name != "set-cookie")
        }
    }

    @Test func `to a preflight gives no leave`() async throws {
        let gateway = try await TestGateway()
        let headers: HTTPHeaders = [
            "origin": "http://evil.example", "access-control-request-method": "PUT",
            "access-control-request-headers": "content-type",
            "access-control-request-private-network": "true",
        ]
        let answer = try await gateway.call("OPTIONS", "/drain", headers: headers)
        #expect(answer.status == 403)
        expectSafe(answer.headers)
    }
}

@EventLoop
@Suite(.timeLimit(.minutes(1)))
struct `A call that changes` {
    private let body = #"{"owner":"me","reason":"test"}"#

    @Test(arguments: [
        "application/json", "Application/JSON", "application/json; charset=utf-8",
        "application/json ;x=y",
    ])
    func `is taken as JSON`(type: String) async throws {
        let gateway = try await TestGateway()
        let headers: HTTPHeaders = ["content-type": type]
        #expect(try await gateway.call("PUT", "/drain", body, headers: headers).status == 200)
    }

    @Test(arguments: [
        "application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", "",
        "text/plain;application/json", "application/jsonx", "json", "application/json, text/plain",
        "text/plain, application/json",
    ])
    func `is taken as nothing else, and says how`(type: String) async throws {
        let gateway = try await TestGateway()
        let answer = try await gateway.call("PUT", "/drain", body, headers: ["content-type": type])
        #expect(answer.status == 415)
        #expect(answer.text.contains("-H 'content-type: application/json'"))
        // An empty form has a type, and no body.
        let form = try await gateway.call(
            "POST",
            "/healthcheck/fail",
            headers: ["content-type": type]
        )
        #expect(form.status == 415)
        #expect(!gateway.service.gateway.store.state.isDrained)
    }

    @Test func `with a body of no type is not taken`() async throws {
        let gateway = try await TestGateway()
        let request = HTTPRequest("POST", "/healthcheck/fail", authority: "localhost", body: [65])
        let answer = try await gateway.admin.send(request, until: .now + .seconds(5))
        #expect(answer.status == 415)
        #expect(answer.text.contains("this came without a content-type"))
        #expect(!gateway.service.gateway.store.state.isDrained)
    }

    @Test func `with no body needs no type, as by curl -X POST`() async throws {
        let gateway = try await TestGateway()
        let curl: HTTPHeaders = ["user-agent": "curl/7.88.1", "accept": "*/*"]
        let answer = try await gateway.call("POST", "/healthcheck/fail", headers: curl)
        #expect(answer.text == "OK\n")
        #expect(gateway.service.gateway.store.state.isDrained)
    }

    /// Each as raw bytes, since no client of ours would send it.
    @Test(arguments: [
        ("POST /healthcheck/fail HTTP/1.0\r\n\r\n", 403),
        ("POST /healthcheck/fail HTTP/1.1\r\nhost:\r\n\r\n", 403),
        ("POST http://localhost/healthcheck/fail HTTP/1.1\r\nhost: evil.example\r\n\r\n", 400),
        ("POST http://evil.example/healthcheck/fail HTTP/1.1\r\nhost: localhost\r\n\r\n", 400),
        ("POST http://evil.example/healthcheck/fail HTTP/1.1\r\nhost: evil.example\r\n\r\n", 403),
        ("POST /healthcheck/fail HTTP/1.1\r\nhost: evil.example:9981\r\n\r\n", 403),
        ("POST /healthcheck/fail HTTP/1.1\r\nhost: localhost\r\nhost: localhost\r\n\r\n", 400),
        ("POST http://localhost/healthcheck/fail HTTP/1.1\r\nhost: LOCALHOST\r\n\r\n", 200),
        ("POST /healthcheck/fail HTTP/1.0\r\nhost: localhost\r\n\r\n", 200),
    ])
    func `is judged by the host that it means, however that is written`(
        request: String,
        status: Int
    ) async throws {
        let gateway = try await TestGateway()
        let stream = try await ByteStream.connect(
            to: gateway.service.adminAddress,
            until: .now + .seconds(5)
        )
        try await stream.write(Array(request.utf8), until: .now + .seconds(5))
        let bytes = try await stream.read(until: .now + .seconds(5))
        let answer = String(decoding: try bytes.orFail(), as: UTF8.self)
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
        #expect(gateway.service.gateway.store.state.isDrained == (status == 200))
    }

    /// In frames of its own, since no client of ours sends both.
    @Test func `over HTTP/2 is judged by :authority, and a host beside it must be the same`()
        async throws
    {
        let gateway = try await TestGateway()
        for (authority, host, status) in [
            ("localhost", "evil.example", 400), ("evil.example", "localhost", 400),
            ("evil.example", "evil.example", 403), ("localhost", "LOCALHOST", 200),
        ] {
            let before = gateway.service.gateway.refusedCalls.counts
            let stream = try await ByteStream.connect(
                to: gateway.service.adminAddress,
                until: .now + .seconds(5)
            )
            let fields = [
                (":method", "POST"), (":scheme", "http"), (":path", "/healthcheck/ok"),
                (":authority", authority), ("host", host),
            ]
            try await stream.write(http2(fields), until: .now + .seconds(5))
            // The answer's frame of HEADERS, behind those of the connection.
            var seen: [UInt8] = []
            while !types(seen).contains(1) {
                seen += try await stream.read(until: .now + .seconds(5)).orFail()
            }
            var expected = before
            // A contradiction is refused before the call is one.
            if status == 403 { expected[status, default: 0] += 1 }
            #expect(gateway.service.gateway.refusedCalls.counts == expected)
        }
    }

    private func http2(_ fields: [(String, String)]) -> [UInt8] {
        func frame(_ type: UInt8, _ flags: UInt8, _ id: UInt8, _ payload: [UInt8]) -> [UInt8] {
            [0, 0, UInt8(payload.count), type, flags, 0, 0, 0, id] + payload
        }
        // Literal fields, each name and value after its length (RFC 7541 section 6.2.2).
        var block: [UInt8] = []
        for (name, value) in fields {
            block += [0, UInt8(name.utf8.count)] + Array(name.utf8)
            block += [UInt8(value.utf8.count)] + Array(value.utf8)
        }
        return Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + frame(4, 0, 0, [])
            + frame(1, 5, 1, block)
    }

    /// The types of whole frames.
    private func types(_ bytes: [UInt8]) -> [UInt8] {
        var rest = bytes[...]
        var types: [UInt8] = []
        while rest.count >= 9 {
            let head = Array(rest.prefix(9))
            types.append(head[3])
            rest = rest.dropFirst(9 + (Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])))
        }
        return types
    }
}
