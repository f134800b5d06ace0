import HTTP
import Health
import Loop

/// What the admin port shows: as text for people, as JSON for programs.
@EventLoop
struct ReadCalls {
    /// The verdict of the host, beside any form of the page.
    static let verdictHeader = "x-healthgate-verdict"
    private let gateway: RunningGateway

    init(_ gateway: RunningGateway) { self.gateway = gateway }

    /// - Parameter path: of those that only read; nil for any other.
    func answer(_ path: String, _ request: HTTPRequest) async -> HTTPResponse? {
        switch path {
        case "/": return marked(AdminAnswer.text(await StatusPage(gateway).text()))
        case "/status": return marked(AdminAnswer.json(await StatusDocument(gateway).json()))
        case "/explain": return marked(explanation(request))
        case "/history": return history(request)
        case "/metrics":
            return AdminAnswer.text(
                Metrics(gateway).text,
                type: "text/plain; version=0.0.4; charset=utf-8"
            )
        case "/config": return AdminAnswer.json(ConfigurationDocument(gateway.configuration).json)
        default: return nil
        }
    }

    private func marked(_ response: HTTPResponse) -> HTTPResponse {
        var response = response
        response.headers[ReadCalls.verdictHeader] =
            gateway.health.board.verdict(for: .host)?.rawValue
        return response
    }

    /// Of all, or of the app or check that is asked for by name.
    private func explanation(_ request: HTTPRequest) -> HTTPResponse {
        let clocks = Clocks.now
        let words = CauseWords(clocks: clocks)
        let report = gateway.health.board.report(at: clocks.instant)
        let name = request.query("name")
        let lines = report.explanation(words.time, of: name)
        guard !lines.isEmpty else {
            let names = Set(report.checks.map(\.id.name)).sorted().joined(separator: ", ")
            return AdminAnswer.problem(404, "no app or check is called \(name ?? ""): \(names)")
        }
        if request.accepts("application/json") {
            return AdminAnswer.json(.members(["explanation": .array(lines.map { .string($0) })]))
        }
        return AdminAnswer.text(lines.map { $0 + "\n" }.joined())
    }

    private func history(_ request: HTTPRequest) -> HTTPResponse {
        let events = gateway.history.events
        if request.accepts("text/plain") {
            return AdminAnswer.text(events.map { $0.line + "\n" }.joined())
        }
        return AdminAnswer.json(.array(events.map(\.json)))
    }
}

extension HTTPRequest {
    /// Whether it asks for that type by name.
    func accepts(_ type: String) -> Bool { headers["accept"]?.contains(type) == true }
}
