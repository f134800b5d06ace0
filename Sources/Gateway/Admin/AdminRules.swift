package import HTTP
package import Loop

/// Who may call the admin port. Reading and changing each need their token, where one is set.
package struct AdminRules: Sendable {
    package enum Role: Sendable { case read, change }

    private let read: [UInt8]?
    private let change: [UInt8]?
    private let hosts: Set<String>
    /// Whether a name in `Host` must be one of ours.
    private let checksHost: Bool

    /// - `host`: the name under which this host may be called, beside `localhost` and its numbers.
    package init(read: String?, change: String?, address: SocketAddress, host: String) {
        self.read = read.map { Array($0.utf8) }
        self.change = change.map { Array($0.utf8) }
        hosts = ["localhost", host.lowercased()]
        checksHost = address.isLoopback || address.unixPath != nil
    }

    /// Why the port must not open; nil: it may.
    package static func refusal(
        _ address: SocketAddress,
        hasRead: Bool,
        hasChange: Bool
    ) -> String? {
        guard !address.isLoopback, address.unixPath == nil, !(hasRead && hasChange) else {
            return nil
        }
        return "the admin port would listen on \(address), which others can reach: set a token "
            + "for reading and one for changing, or listen on 127.0.0.1 or a Unix socket"
    }

    /// The refusal; nil: go on.
    package func refusal(of request: HTTPRequest, role: Role) -> HTTPResponse? {
        foreignRefusal(of: request) ?? tokenRefusal(of: request, role: role)
    }

    /// A page in somebody's browser must not reach us: not under a name of its own that resolves
    /// to our address (DNS rebinding), and not by a form across sites.
    private func foreignRefusal(of request: HTTPRequest) -> HTTPResponse? {
        if checksHost, let authority = request.authority, !isOurs(authority) {
            return AdminAnswer.problem(403, "\(authority) is not a name of this host")
        }
        if let origin = request.headers["origin"] {
            guard let authority = request.authority,
                origin == "http://\(authority)" || origin == "https://\(authority)"
            else {
                return AdminAnswer.problem(403, "calls from other sites are refused")
            }
        }
        if request.headers["sec-fetch-site"] == "cross-site" {
            return AdminAnswer.problem(403, "calls from other sites are refused")
        }
        return nil
    }

    private func isOurs(_ authority: String) -> Bool {
        // Numbers were not resolved by anybody.
        if SocketAddress(authority) != nil || SocketAddress("\(authority):80") != nil {
            return true
        }
        let name = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard let first = name.first, name.count <= 2 else { return false }
        return hosts.contains(first.lowercased())
    }

    private func tokenRefusal(of request: HTTPRequest, role: Role) -> HTTPResponse? {
        let wanted = role == .read ? read : change
        guard let wanted else { return nil }
        let given = request.headers["authorization"].flatMap { value -> [UInt8]? in
            guard value.lowercased().hasPrefix("bearer ") else { return nil }
            return Array(value.utf8.dropFirst("bearer ".utf8.count))
        }
        guard let given else {
            var refusal = AdminAnswer.problem(401, "a bearer token is needed")
            refusal.headers.add("www-authenticate", "Bearer")
            return refusal
        }
        // Who may change may read.
        if isSame(given, wanted) || role == .read && change.map({ isSame(given, $0) }) == true {
            return nil
        }
        return AdminAnswer.problem(403, "this token does not allow that")
    }

    /// Takes the same time wherever they differ.
    private func isSame(_ given: [UInt8], _ wanted: [UInt8]) -> Bool {
        var difference: UInt8 = given.count == wanted.count ? 0 : 1
        for (index, byte) in wanted.enumerated() {
            difference |= byte ^ (index < given.count ? given[index] : 0)
        }
        return difference == 0
    }
}

/// The forms of answers on the admin port.
enum AdminAnswer {
    static func json(_ json: JSON, status: Int = 200) -> HTTPResponse {
        HTTPResponse(
            status,
            headers: ["content-type": "application/json", "cache-control": "no-store"],
            body: json.bytes + [UInt8(ascii: "\n")]
        )
    }

    static func problem(_ status: Int, _ text: String) -> HTTPResponse {
        json(.members(["error": .string(text)]), status: status)
    }

    static func text(
        _ text: String,
        type: String = "text/plain; charset=utf-8",
        status: Int = 200
    ) -> HTTPResponse {
        HTTPResponse(
            status,
            headers: ["content-type": type, "cache-control": "no-store"],
            body: Array(text.utf8)
        )
    }
}
