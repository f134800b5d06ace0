import Gateway
import HTTP
import Health
import Loop
import Release

/// Why a gateway did not do what was asked.
struct AdminFault: Error {
    /// What the command ends with: 3 when nothing is known, 2 when it was refused.
    let code: Int32
    /// Follows the gateway's URL.
    let message: String
}

/// The gateway whose admin port a command asks.
@EventLoop
struct AskedGateway {
    let client: AdminClient
    let url: String
    let limit: Duration

    enum Form: String {
        case text = "text/plain"
        case json = "application/json"
        /// JSON, a value a line.
        case jsonLines = "application/x-ndjson"
    }

    func ask(
        _ path: String,
        as form: Form,
        method: String = "GET",
        body: JSON? = nil
    ) async throws(AdminFault) -> HTTPResponse {
        var request = HTTPRequest(method, path, headers: ["accept": form.rawValue])
        if let body {
            request.headers["content-type"] = "application/json"
            request.body = body.bytes
        }
        let response: HTTPResponse
        do throws(HTTPError) {
            response = try await client.send(request, until: .now + limit)
        } catch {
            throw AdminFault(code: 3, message: "does not answer: \(error)")
        }
        try check(response, ofChange: method != "GET")
        return response
    }

    /// Follows the events for as long as the link holds; each as its line, without those that say
    /// nothing.
    func follow(
        as form: Form,
        onOpen: () async throws(AdminFault) -> Void,
        onLine: (String) async throws(AdminFault) -> Void
    ) async throws(AdminFault) {
        let request = HTTPRequest("GET", "/events", headers: ["accept": form.rawValue])
        let stream: HTTPClientStream
        do throws(HTTPError) {
            stream = try await client.open(request, until: .now + limit)
        } catch {
            throw AdminFault(code: 3, message: "does not answer: \(error)")
        }
        defer { stream.cancel() }
        guard stream.status == 200 else {
            throw AdminFault(code: 3, message: "answers \(stream.status) to GET /events")
        }
        try await onOpen()
        var rest: [UInt8] = []
        while let bytes = try await more(stream) {
            rest += bytes
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: rest[..<end], as: UTF8.self)
                rest.removeSubrange(...end)
                if !line.isEmpty { try await onLine(line) }
            }
            guard rest.count < 1 << 20 else {
                throw AdminFault(code: 3, message: "sends a line without an end")
            }
        }
        throw AdminFault(code: 3, message: "has ended the events")
    }

    private func more(_ stream: HTTPClientStream) async throws(AdminFault) -> [UInt8]? {
        do throws(HTTPError) {
            // A gateway says something every 15 seconds.
            return try await stream.next(until: .now + .seconds(40))
        } catch {
            throw AdminFault(code: 3, message: "is silent: \(error)")
        }
    }

    private func check(_ response: HTTPResponse, ofChange: Bool) throws(AdminFault) {
        guard response.status >= 300 else { return }
        throw AdminFault(
            code: ofChange ? 2 : 3,
            message: "answers \(response.status): \(printable(response.problem))"
        )
    }
}

extension HTTPResponse {
    /// What a command ends with by the host's verdict: 0 up, 1 degraded, 2 the edges get no, 3 not
    /// known.
    var verdictCode: Int32 {
        switch headers["x-healthgate-verdict"].flatMap(Verdict.init) {
        case .up: 0
        case .degraded: 1
        case .down, .draining: 2
        case .starting, nil: 3
        }
    }

    /// Its body for a terminal, without the last end of line.
    var shown: String {
        let text = printable(text)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }
}

/// Without what a terminal would take for commands, or would show in another order than it is: what
/// servers said is in there.
func printable(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0x0a: shown.unicodeScalars.append(scalar)
        case 0..<0x20, 0x7f..<0xa0, 0x202a...0x202e, 0x2066...0x2069: shown += "\u{fffd}"
        default: shown.unicodeScalars.append(scalar)
        }
    }
    return shown
}
