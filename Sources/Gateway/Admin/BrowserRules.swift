import HTTP
import Loop

/// Keeps pages of other sites, in a browser that can reach the port, from reading or changing
/// anything: such a page comes from this machine's own address.
struct BrowserRules: Sendable {
    /// Names of this host.
    private let names: Set<[UInt8]>
    /// Whether a name in `Host` must be one of ours. Where others reach the port, every call needs
    /// what a page does not have; on loopback a page gets here by a name of its own that resolves to
    /// our address (DNS rebinding).
    private let checksHost: Bool

    init(host: String, checksHost: Bool) {
        names = [lowercased("localhost"), lowercased(host)]
        self.checksHost = checksHost
    }

    /// The refusal; nil: go on.
    func refusal(of request: HTTPRequest, changes: Bool) -> HTTPResponse? {
        if let other = request.otherHost,
            lowercased(other) != lowercased(request.authority ?? "")
        {
            return AdminAnswer.problem(400, "the target and Host name different hosts")
        }
        if checksHost, !isOurs(request.authority ?? "") {
            guard let authority = request.authority, !authority.isEmpty else {
                return AdminAnswer.problem(403, "say by Host which host is meant")
            }
            return AdminAnswer.problem(403, "\(authority) is not a name of this host")
        }
        return isForeign(request, changes: changes)
            ? AdminAnswer.problem(403, "calls from pages of other sites are refused")
            : staleRefusal(of: request, changes: changes)
    }

    /// By what browsers say themselves of where a call comes from. A page of another port of this
    /// host is `same-site`, and foreign too; `none` is an address that a person typed.
    private func isForeign(_ request: HTTPRequest, changes: Bool) -> Bool {
        if let origin = request.headers["origin"] {
            let authority = lowercased(request.authority ?? "")
            let ours = ["http://", "https://"].map { lowercased($0) + authority }
            guard !authority.isEmpty, ours.contains(lowercased(origin)) else { return true }
        }
        switch request.headers["sec-fetch-site"] {
        case nil, "same-origin": return false
        case "none": return changes
        default: return true
        }
    }

    /// A browser that says nothing of that, as old ones do, changes nothing.
    private func staleRefusal(of request: HTTPRequest, changes: Bool) -> HTTPResponse? {
        let says = ["origin", "sec-fetch-site"].contains { request.headers.contains($0) }
        let agent = request.headers["user-agent"] ?? ""
        // Every browser's, and no page can take it away.
        guard changes, !says, agent.hasPrefix("Mozilla/") else { return nil }
        return AdminAnswer.problem(
            403,
            "a browser must say by Origin or Sec-Fetch-Site from where it calls, and this call says "
                + "by its user-agent that it is one"
        )
    }

    /// What changes comes as JSON, which no form of a page can send; without a body it needs no
    /// type. The refusal; nil: go on.
    static func refusal(ofBodyOf request: HTTPRequest) -> HTTPResponse? {
        let type = request.headers["content-type"]
        if type == nil, request.body.isEmpty { return nil }
        let essence = (type ?? "").prefix { $0 != ";" }.split(whereSeparator: \.isWhitespace)
        if essence.count == 1, lowercased(String(essence[0])) == lowercased("application/json") {
            return nil
        }
        return AdminAnswer.problem(
            415,
            "a body must come as JSON and say so (curl -H 'content-type: application/json'); "
                + "this came \(type.map { "as \($0.prefix(64))" } ?? "without a content-type")"
        )
    }

    private func isOurs(_ authority: String) -> Bool {
        guard let host = BrowserRules.host(of: authority) else { return false }
        // Numbers were not resolved by anybody. 0.0.0.0 is nobody's name, and pages have used it.
        if let number = SocketAddress(ip: host, port: 0) { return !number.isUnspecified }
        return names.contains(lowercased(host))
    }

    /// The host of `host`, `host:port`, `[address]` or `[address]:port`.
    private static func host(of authority: String) -> String? {
        let host: Substring
        let rest: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[..<end].dropFirst()
            rest = authority[end...].dropFirst()
            guard host.contains(":") else { return nil }
        } else {
            host = authority.prefix { $0 != ":" }
            rest = authority[host.endIndex...]
        }
        let port = rest.dropFirst()
        let isPort = port.utf8.count <= 5 && port.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard rest.isEmpty || rest.first == ":" && isPort, !host.isEmpty else { return nil }
        return String(host)
    }
}

/// The bytes of a name without regard to case, in ASCII alone: to fold or to normalise more would
/// make two names the same that are not.
func lowercased(_ text: String) -> [UInt8] {
    text.utf8.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
}
