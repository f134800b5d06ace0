package import HTTP
package import Loop

/// The admin port: shows all, and changes what an operator or a release may change.
@EventLoop
package final class AdminPort: HTTPHandler {
    private let gateway: RunningGateway
    /// Replaced by a reload, with the tokens of that moment.
    package var rules: AdminRules
    /// Takes the configuration anew; the errors, if there are any.
    private let reload: () async -> ReloadResult
    private let streams: EventStreams
    private let changes: ChangeCalls

    package enum ReloadResult: Sendable {
        /// What only takes effect with the next start.
        case done(leftOut: [String])
        case refused(String)
    }

    package init(
        _ gateway: RunningGateway,
        rules: AdminRules,
        reload: @escaping () async -> ReloadResult
    ) {
        self.gateway = gateway
        self.rules = rules
        self.reload = reload
        streams = EventStreams(gateway.history, most: gateway.configuration.limits.followers)
        changes = ChangeCalls(gateway)
    }

    /// Ends what would else stay open for good.
    package func close() { streams.close() }

    package func handle(_ exchange: Exchange) {
        let request = exchange.request
        let path = request.pathOnly
        let calls = AdminPort.calls(path)
        let method = request.method == "HEAD" ? "GET" : request.method
        let role = calls[method] ?? .read
        let caller = Caller(exchange)
        let who: String
        switch rules.decide(request, by: caller, role) {
        case .allowed(let name): who = name
        case .refused(let refusal):
            gateway.refusedCalls.note(request, by: caller, refusal)
            return exchange.respond(refusal)
        }
        guard !calls.isEmpty else {
            return exchange.respond(AdminAnswer.problem(404, "no such path: \(path)"))
        }
        guard calls[method] != nil else {
            let allowed = calls.keys.sorted().joined(separator: ", ")
            var refusal = AdminAnswer.problem(405, "\(path) takes \(allowed)")
            refusal.headers.add("allow", allowed)
            return exchange.respond(refusal)
        }
        if path == "/events" { return streams.open(exchange) }
        EventLoop.task { [self] in
            guard role == .change else {
                return exchange.respond(await answer(path, request))
            }
            let lease = gateway.store.state.lease
            let refusal = BrowserRules.refusal(ofBodyOf: request)
            let response: HTTPResponse
            if let refusal {
                response = refusal
            } else {
                response = await answer(path, request)
            }
            changes.note(request, by: caller, who: who, lease: lease, response)
            exchange.respond(response)
        }
    }

    /// What a path takes, and who may send it.
    private static func calls(_ path: String) -> [String: AdminRules.Role] {
        switch path {
        case "/", "/status", "/explain", "/events", "/history", "/metrics", "/config":
            ["GET": .read]
        case "/drain", "/lease": ["GET": .read, "PUT": .change, "DELETE": .change]
        case "/healthcheck/fail", "/healthcheck/ok", "/reload": ["POST": .change]
        case "/connectivity": ["POST": .change]
        default: [:]
        }
    }

    private func answer(_ path: String, _ request: HTTPRequest) async -> HTTPResponse {
        if let shown = await ReadCalls(gateway).answer(path, request) { return shown }
        switch path {
        case "/reload": return await reloaded()
        case "/connectivity": return await Connectivity(gateway).answer(to: request)
        case "/lease": return await LeaseCalls(gateway.store).answer(to: request)
        default: return await DrainCalls(gateway).answer(to: request)
        }
    }

    private func reloaded() async -> HTTPResponse {
        switch await reload() {
        case .done(let leftOut):
            AdminAnswer.json(
                .members([
                    "reloaded": .bool(true),
                    "needs_restart": .array(leftOut.map { .string($0) }),
                ])
            )
        case .refused(let why): AdminAnswer.problem(422, why)
        }
    }
}

/// Reads `30s`, `500ms`, `2m`.
func duration(_ text: String) -> Duration? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int64(digits), count < 1_000_000_000 else { return nil }
    switch text.dropFirst(digits.count) {
    case "ms": return .milliseconds(count)
    case "s", "": return .seconds(count)
    case "m": return .seconds(count * 60)
    default: return nil
    }
}
