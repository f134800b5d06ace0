import Gateway
import Loop
import YAML

extension YAMLValue where Value == GatewayConfiguration.AdminAccess {
    static var access: YAMLValue {
        .section { section in
            GatewayConfiguration.AdminAccess(
                read: role("read", section),
                change: role("change", section)
            )
        }
    }

    private static func role(
        _ role: String,
        _ section: YAMLSection
    ) -> GatewayConfiguration.RoleAccess {
        GatewayConfiguration.RoleAccess(
            token: section.secret("\(role)_token").map(source),
            certificates: section.optional(
                "\(role)_certificates",
                .oneOrMore(of: .name),
                default: []
            ),
            users: section.optional("\(role)_users", .oneOrMore(of: .user), default: [])
        )
    }

    private static func source(_ secret: SecretSource) -> GatewayConfiguration.TokenSource {
        switch secret {
        case .file(let path): .file(path)
        case .environment(let name): .environment(name)
        }
    }
}

extension YAMLValue where Value == GatewayConfiguration.User {
    /// A name, or a number.
    fileprivate static var user: YAMLValue {
        YAMLValue<String>.word.map { word throws(YAMLMismatch) in
            let isNumber = word.utf8.allSatisfy { (0x30...0x39).contains($0) }
            guard !word.isEmpty, !isNumber || UInt32(word).map({ $0 < .max }) == true else {
                throw YAMLMismatch("\(quoted(word)) is no user's name or number")
            }
            return UInt32(word).map { .id($0) } ?? .name(word)
        }
    }
}

/// What is wrong with who may call the admin port, given where it listens.
struct AdminWarnings {
    private let listen: GatewayConfiguration.Listen
    private let access: GatewayConfiguration.AdminAccess
    private let section: YAMLSection

    init(_ configuration: GatewayConfiguration, _ section: YAMLSection) {
        listen = configuration.listen
        access = configuration.access
        self.section = section
    }

    private var roles: [(name: String, access: GatewayConfiguration.RoleAccess)] {
        [("read", access.read), ("change", access.change)]
    }

    func tell() {
        tellUnseen()
        if listen.admin.isLoopback { tellNobody() } else { tellStrangers() }
    }

    /// What nobody can show there.
    private func tellUnseen() {
        for (role, access) in roles {
            if !access.certificates.isEmpty, listen.adminTLS?.authorities == nil {
                error(
                    "\(role)_certificates",
                    "clients are asked for certificates only with listen.admin_tls and its ca"
                )
            }
            if !access.users.isEmpty, listen.admin.unixPath == nil {
                error(
                    "\(role)_users",
                    "users are known on a Unix socket only, and admin listens on \(listen.admin)"
                )
            }
        }
    }

    private func tellNobody() {
        let isOpen = access.change == .init()
        guard isOpen, access.read != .init(), listen.admin.unixPath == nil else { return }
        section.report.warn(
            "reading is not everybody's and nothing is said of changing, so nobody may change: "
                + "set admin.change_token_file",
            at: section.place(of: "admin")
        )
    }

    private func tellStrangers() {
        for (role, access) in roles where access.token == nil && access.certificates.isEmpty {
            section.report.warn(
                "the admin port is open to other machines without a token for \(role), so serve "
                    + "will refuse to start: set admin.\(role)_token_file, or "
                    + "admin.\(role)_certificates",
                at: section.place(of: "listen")
            )
        }
        guard listen.adminTLS == nil, roles.contains(where: { $0.access.token != nil }) else {
            return
        }
        section.report.warn(
            "the tokens of admin travel in the clear to \(listen.admin), for all to read on the "
                + "way: set listen.admin_tls, or let admin listen on 127.0.0.1 or a Unix socket",
            at: section.place(of: "listen")
        )
    }

    private func error(_ key: String, _ message: String) {
        let place = section.node("admin")?[key]?.place ?? section.place(of: "admin")
        section.report.error(message, at: place)
    }
}
