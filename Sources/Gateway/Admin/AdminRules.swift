package import HTTP
package import Loop

/// Who may call the admin port, and for what.
package struct AdminRules: Sendable {
    package enum Role: String, CaseIterable, Sendable { case read, change }

    /// By what a caller has a role. Any of it will do.
    package struct Grants: Hashable, Sendable {
        package var token: String?
        /// Names of which the certificate that a client shows must have one.
        package var certificates: [String]
        /// Users of this machine, who call over a Unix socket.
        package var users: [User]

        package init(
            token: String? = nil,
            certificates: [String] = [],
            users: [User] = []
        ) {
            self.token = token
            self.certificates = certificates
            self.users = users
        }

        var isEmpty: Bool { token == nil && certificates.isEmpty && users.isEmpty }
    }

    package struct User: Hashable, Sendable {
        package let uid: UInt32
        /// nil: this machine knows none.
        package let name: String?

        package init(uid: UInt32, name: String?) {
            self.uid = uid
            self.name = name
        }
    }

    /// Where the port listens, and what it learns there of a caller.
    package struct Place: Sendable {
        package let address: SocketAddress
        /// Whether clients must show a certificate, and it is verified.
        package let verifiesClients: Bool

        package init(_ address: SocketAddress, verifiesClients: Bool = false) {
            self.address = address
            self.verifiesClients = verifiesClients
        }

        var isUnix: Bool { address.unixPath != nil }

        /// What of these can be seen here.
        func usable(_ grants: Grants) -> Grants {
            Grants(
                token: grants.token,
                certificates: verifiesClients ? grants.certificates : [],
                users: isUnix ? grants.users : []
            )
        }
    }

    private let read: Grants
    private let change: Grants
    private let tokens: AdminTokens
    private let browsers: BrowserRules
    /// Roles that are everybody's.
    private let open: Set<Role>

    /// - Parameters:
    ///   - host: the name under which this host may be called, beside `localhost` and its numbers.
    ///   - owners: who may change over a Unix socket where nothing is said of that.
    package init(
        read: Grants,
        change: Grants,
        at place: Place,
        host: String,
        owners: [User] = []
    ) {
        let read = place.usable(read)
        var change = place.usable(change)
        if place.isUnix, change.isEmpty { change.users = owners }
        var open: Set<Role> = []
        // Others never get in by what was forgotten, and to change is to read as well.
        if place.address.isLoopback, read.isEmpty {
            open = change.isEmpty && !place.isUnix ? [.read, .change] : [.read]
        }
        self.read = read
        self.change = change
        self.open = open
        tokens = AdminTokens(read: read.token, change: change.token)
        browsers = BrowserRules(host: host, checksHost: place.address.isLoopback)
    }

    /// Why the port must not open; nil: it may.
    package static func refusal(at place: Place, read: Grants, change: Grants) -> String? {
        guard !place.address.isLoopback,
            place.usable(read).isEmpty || place.usable(change).isEmpty
        else { return nil }
        return "the admin port would listen on \(place.address), which others can reach: set a "
            + "token or names of client certificates for reading, and such for changing, or listen "
            + "on 127.0.0.1 or a Unix socket"
    }

    package enum Decision: Sendable {
        /// With who it is, in words for the log.
        case allowed(String)
        case refused(HTTPResponse)
    }

    package func decide(_ request: HTTPRequest, by caller: Caller, _ role: Role) -> Decision {
        if let refusal = browsers.refusal(of: request, changes: role == .change) {
            return .refused(refusal)
        }
        let token = tokens.matches(caller.token)
        if let who = holder(of: .change, caller, token.change) { return .allowed(who) }
        if role == .read, let who = holder(of: .read, caller, token.read) { return .allowed(who) }
        if open.contains(role) { return .allowed(caller.known ?? "anyone") }
        return .refused(refusal(of: caller, role, isReader: token.read))
    }

    /// Who the caller is, if that gives the role.
    private func holder(of role: Role, _ caller: Caller, _ hasToken: Bool) -> String? {
        let grants = role == .read ? read : change
        if hasToken { return "token \(role.rawValue)" }
        let wanted = Set(grants.certificates.map(certificateName))
        if let name = caller.certificates.first(where: { wanted.contains(certificateName($0)) }) {
            return "certificate \(name)"
        }
        guard let user = caller.user, let known = grants.users.first(where: { $0.uid == user.uid })
        else { return nil }
        return Caller.words(user, name: known.name)
    }

    // MARK: Refusals

    private func refusal(of caller: Caller, _ role: Role, isReader: Bool) -> HTTPResponse {
        let grants = role == .read ? read : change
        var ways: [String] = []
        if grants.token != nil {
            ways.append("the token for it (authorization: Bearer TOKEN)")
        }
        if !grants.certificates.isEmpty {
            ways.append("a client certificate that admin.\(role.rawValue)_certificates names")
        }
        if !grants.users.isEmpty {
            let names = grants.users.map { $0.name ?? "uid \($0.uid)" }
            ways.append("to be \(names.joined(separator: " or "))")
        }
        let what = role == .read ? "reading" : "changing"
        let needs =
            ways.isEmpty
            ? "\(what) is nobody's: admin says of no token, certificate or user that it may"
            : "\(what) needs \(ways.joined(separator: ", or "))"
        let shown = isReader ? "the token for reading" : caller.shown ?? "nothing"
        let words = "\(needs); this call shows \(shown)"
        guard caller.token == nil, grants.token != nil else {
            return AdminAnswer.problem(403, words)
        }
        var refusal = AdminAnswer.problem(401, words)
        refusal.headers.add("www-authenticate", "Bearer")
        return refusal
    }
}

/// Without regard to case, but where it is a URI: the paths of those differ by it.
private func certificateName(_ name: String) -> [UInt8] {
    name.utf8.contains(UInt8(ascii: "/")) ? Array(name.utf8) : lowercased(name)
}
