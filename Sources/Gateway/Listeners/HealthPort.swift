import GRPC
package import HTTP
import Health
package import Loop

/// What edges poll. Answers from memory, unless what is in memory is too old.
@EventLoop
package final class HealthPort: HTTPHandler {
    package struct Options {
        /// The most a poll may wait for a probe.
        package var answerWithin: Duration
        /// Whether `?verbose` lists the checks.
        package var verbose: Bool

        package init(answerWithin: Duration = .milliseconds(250), verbose: Bool = false) {
            self.answerWithin = answerWithin
            self.verbose = verbose
        }
    }

    package var options: Options
    package private(set) var edges: EdgeTable
    /// Polls that had to wait for a probe.
    package private(set) var waited = 0

    let health: HostHealth
    private let monitor: Monitor
    /// Watch, List, and every Check that is not an ordinary one.
    private let calls: HealthCalls
    private let alive = PreparedAnswer(HealthPort.plain(200, "alive"))

    package init(
        _ health: HostHealth,
        monitor: Monitor,
        edges: Int,
        options: Options
    ) {
        self.health = health
        self.monitor = monitor
        calls = HealthCalls(health)
        self.options = options
        self.edges = EdgeTable(most: edges)
    }

    /// Ends what would else stay open for good.
    package func close() { calls.close() }

    // MARK: - Hot path

    package func route(_ head: borrowing RequestHead) -> RouteToken? {
        if head.isMethod("POST") {
            guard head.isPath("/grpc.health.v1.Health/Check"),
                let type = head.value("content-type"), type.starts(with: grpcType)
            else { return nil }
            return token(.grpcCheck, scope: 0, head)
        }
        guard head.isMethod("GET") || head.isMethod("HEAD") || head.isMethod("OPTIONS") else {
            return nil
        }
        let path = head.path
        if path.elementsEqual("/livez".utf8) { return RouteToken(bits: Token.Kind.alive.rawValue) }
        // Whoever accepts something particular gets it, slowly.
        if let accept = head.value("accept"), !accept.elementsEqual("*/*".utf8) { return nil }
        if path.elementsEqual("/readyz".utf8) || path.elementsEqual("/healthz".utf8) {
            return token(.poll, scope: 0, head)
        }
        guard path.starts(with: appPrefix) else { return nil }
        let name = String(decoding: path.dropFirst(appPrefix.count), as: UTF8.self)
        guard let place = health.place(of: .app(name)) else { return nil }
        return token(.poll, scope: place, head)
    }

    private func token(
        _ kind: Token.Kind,
        scope: Int,
        _ head: borrowing RequestHead
    ) -> RouteToken? {
        let identity = EdgeTable.Identity(
            name: head.value("x-healthgate-edge").map { String(decoding: $0, as: UTF8.self) },
            authority: head.authority.map { String(decoding: $0, as: UTF8.self) } ?? ""
        )
        let place = edges.row(identity, at: .now).place
        guard scope <= Int(UInt8.max) else { return nil }
        return Token(kind, UInt8(scope), health.generation, place).route
    }

    package func answer(_ token: RouteToken, _ body: UnsafeRawBufferPointer) -> PreparedAnswer? {
        let token = Token(token)
        if token.kind == .alive { return alive }
        guard token.generation == health.generation, let row = edges.row(at: token.place) else {
            return nil
        }
        let scope: ScopeAnswer
        if token.kind == .grpcCheck {
            guard let place = service(body) else { return nil }
            scope = health.answers[place]
        } else {
            scope = health.answers[Int(token.scope)]
        }
        let now = BootTime.now
        if scope.expires <= now { return nil }
        count(scope, row, at: now)
        return token.kind == .grpcCheck ? scope.grpc : scope.http
    }

    /// The scope that a framed HealthCheckRequest asks for; nil: anything unusual.
    private func service(_ body: UnsafeRawBufferPointer) -> Int? {
        if body.elementsEqual([0, 0, 0, 0, 0]) { return 0 }
        // Flag, four bytes of length, then field 1 with a length below 128.
        guard body.count >= 7, body[0] == 0, body[1] == 0, body[2] == 0, body[3] == 0,
            Int(body[4]) == body.count - 5, body[5] == 0x0a, Int(body[6]) == body.count - 7,
            body[6] < 0x80
        else { return nil }
        let name = UnsafeRawBufferPointer(rebasing: body[7...])
        if name.isEmpty { return 0 }
        return health.place(of: .app(String(decoding: name, as: UTF8.self)))
    }

    private func count(_ scope: ScopeAnswer, _ row: EdgeTable.Row, at now: BootTime) {
        scope.given[scope.status == 200 ? 0 : 1] += 1
        row.polled(at: now, status: scope.status, drain: health.drainNumber)
    }

    // MARK: - Everything else

    package func streamsBody(_ request: HTTPRequest) -> Bool {
        GRPCServer.isCall(request) && request.pathOnly != HealthMessages.check
    }

    package func handle(_ exchange: Exchange) {
        let request = exchange.request
        if request.method == "POST", GRPCServer.isCall(request) {
            guard request.pathOnly == HealthMessages.check else {
                return calls.server.handle(exchange)
            }
            return check(exchange)
        }
        guard ["GET", "HEAD", "OPTIONS"].contains(request.method) else {
            var refusal = HealthPort.plain(405, "only GET, HEAD and OPTIONS are answered here")
            refusal.headers.add("allow", "GET, HEAD, OPTIONS")
            return exchange.respond(refusal)
        }
        let path = request.pathOnly
        if path == "/livez" { return exchange.respond(alive.response) }
        guard let scope = scope(of: path) else {
            return exchange.respond(HealthPort.plain(404, "not found"))
        }
        poll(exchange, scope) { [self] in rendered($0, request) }
    }

    private func scope(of path: String) -> ScopeAnswer? {
        if path == "/readyz" || path == "/healthz" { return health.answers[0] }
        guard path.utf8.starts(with: appPrefix) else { return nil }
        return health.answer(for: .app(String(path.dropFirst(appPrefix.count))))
    }

    /// A Check that the hot path declined: stale, or for a service that there is not.
    private func check(_ exchange: Exchange) {
        switch calls.service(of: exchange.request.body) {
        case .failure(let status): exchange.respond(HealthCalls.answer(status))
        case .success(let service):
            let scope: Scope = service.isEmpty ? .host : .app(service)
            guard let answer = health.answer(for: scope) else { return exchange.abort() }
            poll(exchange, answer) { $0.grpc.response }
        }
    }

    /// Answers after a fresh look, if one is due.
    private func poll(
        _ exchange: Exchange,
        _ scope: ScopeAnswer,
        _ render: @escaping (ScopeAnswer) -> HTTPResponse
    ) {
        let request = exchange.request
        let arrival = Instant.now
        let identity = EdgeTable.Identity(
            name: request.headers["x-healthgate-edge"],
            authority: request.authority ?? ""
        )
        if let until = scope.validUntil, until <= arrival {
            waited += 1
            EventLoop.task { [self] in
                await freshen(scope, from: arrival, within: patience(request))
                let row = edges.row(identity, at: .now)
                count(scope, row, at: .now)
                exchange.respond(render(scope))
            }
        } else {
            count(scope, edges.row(identity, at: arrival), at: BootTime(arrival))
            exchange.respond(render(scope))
        }
    }

    /// Runs what is too old once more; what cannot be told in time counts as stale.
    private func freshen(_ scope: ScopeAnswer, from arrival: Instant, within: Duration) async {
        let due = health.board.overdue(for: scope.scope, at: arrival)
        await monitor.refresh(due, until: arrival + within)
        let now = Instant.now
        // Fresh when the poll came is fresh enough, unless we were stopped in between.
        let reference = max(arrival, now - within - .milliseconds(100))
        if !health.board.overdue(for: scope.scope, at: reference).isEmpty {
            health.expire(at: now)
        }
    }

    private func patience(_ request: HTTPRequest) -> Duration {
        guard let given = request.headers["grpc-timeout"], let timeout = GRPCTimeout.parse(given)
        else {
            return options.answerWithin
        }
        // A tenth is left for the way back.
        return min(options.answerWithin, timeout * 0.9)
    }

    private func rendered(_ answer: ScopeAnswer, _ request: HTTPRequest) -> HTTPResponse {
        if request.headers["accept"]?.contains("application/health+json") == true {
            return HealthJSON(health, verbose: options.verbose).response(for: answer.scope)
        }
        guard options.verbose, request.query("verbose") != nil else { return answer.http.response }
        var response = answer.http.response
        response.headers["content-type"] = "text/plain; charset=utf-8"
        response.body = Array(CheckList(health).text.utf8)
        return response
    }

    nonisolated static func plain(_ status: Int, _ text: String) -> HTTPResponse {
        HTTPResponse(
            status,
            headers: [
                "content-type": "text/plain; charset=utf-8", "cache-control": "no-store",
            ],
            body: Array("\(text)\n".utf8)
        )
    }
}

/// What a connection remembers of a poll, in the bits of a `RouteToken`.
private struct Token {
    enum Kind: UInt64 { case poll, grpcCheck, alive }

    let kind: Kind
    let scope: UInt8
    let generation: UInt8
    let place: EdgeTable.Place

    init(_ kind: Kind, _ scope: UInt8, _ generation: UInt8, _ place: EdgeTable.Place) {
        self.kind = kind
        self.scope = scope
        self.generation = generation
        self.place = place
    }

    init(_ token: RouteToken) {
        let bits = token.bits
        kind = Kind(rawValue: bits & 0xff) ?? .poll
        scope = UInt8(truncatingIfNeeded: bits >> 8)
        generation = UInt8(truncatingIfNeeded: bits >> 16)
        place = EdgeTable.Place(
            index: UInt16(truncatingIfNeeded: bits >> 32),
            number: UInt16(truncatingIfNeeded: bits >> 48)
        )
    }

    var route: RouteToken {
        RouteToken(
            bits: kind.rawValue | UInt64(scope) << 8 | UInt64(generation) << 16
                | UInt64(place.index) << 32 | UInt64(place.number) << 48
        )
    }
}

private let grpcType = Array("application/grpc".utf8)
private let appPrefix = Array("/readyz/".utf8)
