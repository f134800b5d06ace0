import Glibc

/// Looks up what the configuration only names: tokens in files, users in this machine's list of
/// them. It blocks on files, and whatever else the machine keeps its users in.
struct AdminLookup: Sendable {
    let read: AdminRules.Grants
    let change: AdminRules.Grants
    /// Who may change over a Unix socket where nothing is said of that: root, and who runs us.
    let owners: [AdminRules.User]

    init(_ access: GatewayConfiguration.AdminAccess) throws(GatewayService.StartError) {
        read = try AdminLookup.grants(access.read)
        change = try AdminLookup.grants(access.change)
        owners = Set([0, geteuid()]).sorted().map { uid in
            AdminRules.User(uid: uid, name: AdminLookup.name(uid))
        }
    }

    private static func grants(
        _ access: GatewayConfiguration.RoleAccess
    ) throws(GatewayService.StartError) -> AdminRules.Grants {
        var grants = AdminRules.Grants(certificates: access.certificates)
        if let source = access.token { grants.token = try token(source) }
        for user in access.users { grants.users.append(try self.user(user)) }
        return grants
    }

    private static func token(
        _ source: GatewayConfiguration.TokenSource
    ) throws(GatewayService.StartError) -> String {
        let text: String?
        let place: String
        switch source {
        case .file(let path):
            place = path
            text = SmallFile.read(path)
        case .environment(let name):
            place = "the environment variable \(name)"
            text = getenv(name).map { String(cString: $0) }
        }
        guard let text else {
            throw GatewayService.StartError(description: "cannot read a token from \(place)")
        }
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 1, let token = words.first,
            (8...AdminTokens.width).contains(token.utf8.count)
        else {
            throw GatewayService.StartError(
                description: "\(place) must hold one token of 8 to \(AdminTokens.width) characters"
            )
        }
        return String(token)
    }

    private static func user(
        _ user: GatewayConfiguration.User
    ) throws(GatewayService.StartError) -> AdminRules.User {
        switch user {
        case .id(let uid): return AdminRules.User(uid: uid, name: name(uid))
        case .name(let name):
            let found = entry { getpwnam_r(name, $0, $1, $2, $3) }
            guard let found else {
                throw GatewayService.StartError(
                    description: "this machine knows no user \(name), whom the admin port is for"
                )
            }
            return AdminRules.User(uid: found.uid, name: name)
        }
    }

    private static func name(_ uid: UInt32) -> String? {
        entry { getpwuid_r(uid, $0, $1, $2, $3) }?.name
    }

    private typealias Look = (
        UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
        UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
    ) -> Int32

    private static func entry(_ look: Look) -> (uid: UInt32, name: String)? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16384) { buffer in
            guard let start = buffer.baseAddress,
                look(&entry, start, buffer.count, &found) == 0, let found
            else { return nil }
            return (found.pointee.pw_uid, String(cString: found.pointee.pw_name))
        }
    }
}
