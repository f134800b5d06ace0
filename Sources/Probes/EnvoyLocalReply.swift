import HTTP
import Health

/// Answers that the sidecar made itself because it could not reach the target.
///
/// Envoy sets `x-envoy-upstream-service-time` on what an upstream answered, never on its own.
enum EnvoyLocalReply {
    static func judge(_ response: HTTPResponse) -> Outcome.Failure? {
        guard !response.headers.contains("x-envoy-upstream-service-time"),
            response.status >= 400
        else { return nil }
        if let failure = judge(words: response.text) { return failure }
        // Without its words it is told by its name alone.
        guard response.headers["server"] == "envoy" else { return nil }
        let words =
            response.status == 404
            ? "the sidecar has no route (404)" : "the sidecar itself answered \(response.status)"
        return Outcome.Failure(.status, at: .sidecar, words)
    }

    /// By the words of Envoy's bodies, which a gRPC answer carries as its message.
    static func judge(words: String) -> Outcome.Failure? {
        let text = String(words.prefix(300))
        if text.hasPrefix("no healthy upstream") || text.hasPrefix("no_healthy_upstream") {
            return Outcome.Failure(.upstreamRefused, at: .upstream, text)
        }
        if text.hasPrefix("upstream request timeout") || text.hasPrefix("stream timeout") {
            return Outcome.Failure(.upstreamTimeout, at: .upstream, text)
        }
        guard text.hasPrefix("upstream connect error") else { return nil }
        let isTimeout = text.contains("reset reason: connection timeout")
        return Outcome.Failure(isTimeout ? .upstreamTimeout : .upstreamRefused, at: .upstream, text)
    }
}
