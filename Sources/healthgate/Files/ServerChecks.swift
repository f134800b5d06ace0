import Loop
import Probes
import YAML

extension ServerTarget {
    /// What a check of a server says beside its URL.
    init?(_ service: Service, _ url: CheckURL, _ section: YAMLSection) {
        let password = service.password(section)
        let expect = service.expectation(section)
        let key = service.key(section)
        let depth =
            section.optional("depth", .choice)
            ?? ServerTarget.usualDepth(service, password, expect)
        let database: String?
        do throws(YAMLMismatch) {
            database = try service.database(url)
            try service.check(depth, url, hasPassword: password != nil)
        } catch {
            section.report.error(error.message, at: section.place(of: "check"))
            return nil
        }
        if service.isExperimental {
            section.report.warn(
                "\(service.rawValue) checks are experimental: not yet tried on a real server",
                at: section.place(of: "check")
            )
        }
        if expect.role != nil || expect.maxLag != nil, depth < .role {
            section.report.error(
                "a role is seen at depth role only, and this check goes to depth "
                    + depth.rawValue,
                at: section.place(of: "expect")
            )
        }
        self.init(
            service,
            depth: depth,
            user: url.user,
            password: password,
            database: database,
            role: expect.role,
            maxLag: expect.maxLag,
            sealing: url.scheme.isTLS
                ? .direct : section.node("tls") == nil ? .none : service.sealing ?? .none,
            key: key
        )
    }

    /// The cheapest depth that nobody else can answer for the server, with what is known of it.
    private static func usualDepth(
        _ service: Service,
        _ password: SecretPlace?,
        _ expect: ServerExpectation
    ) -> Depth {
        if expect.role != nil || expect.maxLag != nil { return .role }
        return switch service {
        case .redis, .memcached: .query
        case .amqp: password == nil ? .handshake : .auth
        case .postgres, .mysql: password == nil ? .handshake : .query
        case .mongodb, .kafka: .handshake
        }
    }
}

/// What is expected of a server beyond its answer.
struct ServerExpectation {
    var role: ServerTarget.Role?
    var maxLag: Duration?
}

extension ServerTarget.Service {
    fileprivate func password(_ section: YAMLSection) -> SecretPlace? {
        guard self != .memcached else {
            for key in ["password", "password_file"] {
                section.refuse(key, "memcached is asked without a password")
            }
            return nil
        }
        return section.secret("password").map(SecretPlace.init)
    }

    fileprivate func expectation(_ section: YAMLSection) -> ServerExpectation {
        guard depths.contains(.role) else {
            section.refuse("expect", "\(rawValue) has no role to expect")
            return ServerExpectation()
        }
        return section.optional("expect", .serverExpectation, default: .init())
    }

    fileprivate func key(_ section: YAMLSection) -> String? {
        switch self {
        case .redis, .memcached: section.optional("key", .key)
        default: nil
        }
    }

    /// What the path of the URL names.
    fileprivate func database(_ url: CheckURL) throws(YAMLMismatch) -> String? {
        let name = try url.database()
        guard let name else { return nil }
        switch self {
        case .postgres, .mysql, .amqp, .mongodb, .kafka: break
        case .redis:
            guard name.count <= 6, name.allSatisfy({ $0.isASCII && $0.isNumber }) else {
                throw YAMLMismatch("\(quoted(name)) is no number of a database of Redis")
            }
        case .memcached: throw YAMLMismatch("memcached knows no path")
        }
        return name
    }

    fileprivate func check(
        _ depth: Depth,
        _ url: CheckURL,
        hasPassword: Bool
    ) throws(YAMLMismatch) {
        guard depths.contains(depth) else {
            let known = depths.map(\.rawValue).joined(separator: ", ")
            throw YAMLMismatch("\(rawValue) has no depth \(depth.rawValue): it has \(known)")
        }
        if self == .memcached, url.user != nil {
            throw YAMLMismatch("memcached is asked without a user")
        }
        guard depth > .handshake, [.postgres, .mysql, .amqp].contains(self) else { return }
        guard url.user != nil else {
            throw YAMLMismatch(
                "depth \(depth.rawValue) asks as a user: write "
                    + "\(url.scheme.rawValue)://USER@\(url.endpoint)"
            )
        }
        guard self != .amqp || hasPassword else {
            throw YAMLMismatch(
                "depth \(depth.rawValue) asks with a password: write password_file: PATH"
            )
        }
    }
}

extension YAMLValue where Value == ServerExpectation {
    fileprivate static var serverExpectation: YAMLValue {
        .section { section in
            ServerExpectation(
                role: section.optional("role", .choice),
                maxLag: section.optional("max_lag", .time)
            )
        }
    }
}

extension YAMLValue where Value == String {
    /// A key as memcached and Redis both take it.
    fileprivate static var key: YAMLValue {
        string.map { text throws(YAMLMismatch) in
            let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
            guard isPlain, (1...250).contains(text.utf8.count) else {
                throw YAMLMismatch("\(quoted(text)) is no key: at most 250 signs, and no space")
            }
            return text
        }
    }
}

extension SecretPlace {
    init(_ source: SecretSource) {
        switch source {
        case .file(let path): self = .file(path)
        case .environment(let name): self = .environment(name)
        }
    }
}
