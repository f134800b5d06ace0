import Loop
import Probes
import YAML

extension ServerTarget {
    /// What a check of a server says beside its URL.
    init?(_ service: Service, _ url: CheckURL, _ section: YAMLSection) {
        let password = section.secret("password").map(SecretPlace.init)
        let expect = section.optional("expect", .serverExpectation, default: .init())
        let depth = section.optional("depth", .choice) ?? ServerTarget.usualDepth(password, expect)
        let database: String?
        do throws(YAMLMismatch) {
            database = try url.database()
        } catch {
            section.report.error(error.message, at: section.place(of: "check"))
            return nil
        }
        if service.isExperimental {
            section.report.warn(
                "\(service.rawValue) checks are experimental: not yet tried on a real server",
                at: section.place(of: "check")
            )
            if depth == .auth {
                section.report.error(
                    "a \(service.rawValue) check knows no depth auth in this build",
                    at: section.place(of: "depth")
                )
            }
        }
        if service.needsUser(for: depth), url.user == nil {
            section.report.error(
                "depth \(depth.rawValue) asks as a user: write "
                    + "\(service.rawValue)://USER@\(url.endpoint)",
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
            sealing: section.node("tls") == nil ? .none : .asked
        )
    }

    /// The cheapest depth that nobody else can answer for the server, with what is known of it.
    private static func usualDepth(
        _ password: SecretPlace?,
        _ expect: ServerExpectation
    ) -> Depth {
        if expect.role != nil || expect.maxLag != nil { return .role }
        return password == nil ? .handshake : .query
    }
}

/// What is expected of a server beyond its answer.
struct ServerExpectation {
    var role: ServerTarget.Role?
    var maxLag: Duration?
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

extension SecretPlace {
    init(_ source: SecretSource) {
        switch source {
        case .file(let path): self = .file(path)
        case .environment(let name): self = .environment(name)
        }
    }
}
