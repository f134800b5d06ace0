package import HTTP
package import Health
package import Loop

/// The rendered answers of one scope, made once for each change.
@EventLoop
package final class ScopeAnswer {
    package let scope: Scope
    /// To HTTP polls.
    package private(set) var http: PreparedAnswer
    /// To `grpc.health.v1.Health/Check`.
    package private(set) var grpc: PreparedAnswer
    package private(set) var verdict: Verdict
    package private(set) var status: Int
    /// At and after this instant the answer is not given without a new probe.
    package var validUntil: Instant? {
        didSet { expires = validUntil.map { BootTime($0) } ?? .never }
    }
    /// `validUntil` as each poll compares it.
    private(set) var expires = BootTime.never
    /// Answers given, by status: for metrics.
    package var given = [0, 0]

    /// Fails until it is rendered.
    init(_ scope: Scope) {
        self.scope = scope
        verdict = .starting
        status = 503
        http = PreparedAnswer(HTTPResponse(503, headers: ["cache-control": "no-store"]))
        grpc = ScopeAnswer.grpc(serves: false)
    }

    func render(_ answer: Answer) {
        verdict = answer.verdict
        status = answer.verdict.serves ? 200 : 503
        validUntil = answer.validUntil
        http = PreparedAnswer(
            HTTPResponse(status, headers: Self.headers(answer), body: Self.body(answer))
        )
        grpc = Self.grpc(serves: answer.verdict.serves)
    }

    static func headers(_ answer: Answer, type: String = "application/json") -> HTTPHeaders {
        var headers: HTTPHeaders = ["content-type": type, "cache-control": "no-store"]
        if answer.verdict == .degraded { headers.add("x-envoy-degraded", "true") }
        // Envoy looks at its presence alone: it must be absent wherever it is not meant.
        if answer.excludes { headers.add("x-envoy-immediate-health-check-fail", "true") }
        return headers
    }

    private static func body(_ answer: Answer) -> [UInt8] {
        let clocks = Clocks.now
        let words = CauseWords(clocks: clocks)
        let json = JSON.members([
            "verdict": .string(answer.verdict.rawValue),
            "cause": .text(answer.cause.map { words.text($0) }),
            "since": .string(clocks.wall(of: answer.since).description),
        ])
        return json.bytes + [UInt8(ascii: "\n")]
    }

    /// HealthCheckResponse with SERVING (1) or NOT_SERVING (2), in gRPC's framing.
    private static func grpc(serves: Bool) -> PreparedAnswer {
        var response = HTTPResponse(
            200,
            headers: ["content-type": "application/grpc"],
            body: [0, 0, 0, 0, 2, 0x08, serves ? 1 : 2]
        )
        response.trailers = ["grpc-status": "0"]
        return PreparedAnswer(response)
    }
}
