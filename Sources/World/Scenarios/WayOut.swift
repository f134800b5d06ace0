import HTTP
import Loop

/// The command by which a gateway that cannot read its state says it may be let back in.
@EventLoop
struct WayOut {
    let words: String
    private let gateway: GatewayCalls
    private let request: HTTPRequest

    /// Reads `curl -X METHOD 'URL'` out of a hold's reason, as an operator would copy it.
    init(_ reason: String, of host: WorldHost) throws(WorldError) {
        guard let start = reason.firstIndex(of: "curl ") else {
            throw WorldError("\(host.name) says no way out: \(reason)")
        }
        words = String(reason[start...])
        let parts = words.split(separator: " ")
        let origin = "http://\(host.gatewayAdmin)"
        guard parts.count == 4, parts[1] == "-X", parts[3].hasPrefix("'\(origin)/"),
            parts[3].hasSuffix("'")
        else { throw WorldError("\(host.name)'s way out is not to be understood: \(words)") }
        gateway = GatewayCalls(host: host)
        request = HTTPRequest(
            String(parts[2]),
            String(parts[3].dropFirst(origin.count + 1).dropLast())
        )
    }

    func follow() async throws -> HTTPResponse { try await gateway.ask(request) }
}

extension String {
    fileprivate func firstIndex(of word: String) -> Index? {
        indices.first { self[$0...].hasPrefix(word) }
    }
}

extension Stage {
    /// The host must be drained by `state-unreadable`, with the cause in its words, on every answer;
    /// gives the way out that its message tells.
    func wayOut(of host: WorldHost, after why: String) async throws -> WayOut {
        let gateway = GatewayCalls(host: host)
        let state = try await gateway.status()
        expect(state.verdict == "draining", "\(host.name) is \(state.verdict)")
        expect(
            state.holds.map(\.owner) == ["state-unreadable"],
            "\(host.name) is held by \(state.holds.map(\.owner))"
        )
        let reason = state.holds.first?.reason ?? ""
        expect(reason.contains(why), "\(host.name) does not say \"\(why)\": \(reason)")
        let way = try WayOut(reason, of: host)
        let answer = try await gateway.answer(to: "/readyz/app1")
        expect(answer.status == 503, "\(host.name) answers a poll by \(answer.status)")
        expect(
            answer.headers["x-envoy-immediate-health-check-fail"] != nil,
            "\(host.name)'s answer does not exclude it at once"
        )
        // On-call reads it where the Front's checker does.
        expect(answer.text.contains("state-unreadable"), "the answer hides why: \(answer.text)")
        return way
    }
}
