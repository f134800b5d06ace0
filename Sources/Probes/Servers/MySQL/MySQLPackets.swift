/// What a client says in MySQL's protocol (MySQL internals manual, "Client/Server Protocol";
/// MariaDB documentation, "Clients & Utilities: protocol").
enum MySQLPacket {
    /// What client and server can do.
    struct Capabilities: OptionSet, Hashable {
        let rawValue: UInt32

        static let longPassword = Self(rawValue: 0x1)
        static let withDatabase = Self(rawValue: 0x8)
        static let protocol41 = Self(rawValue: 0x200)
        static let tls = Self(rawValue: 0x800)
        static let transactions = Self(rawValue: 0x2000)
        static let secureConnection = Self(rawValue: 0x8000)
        static let plugins = Self(rawValue: 0x8_0000)
        static let attributes = Self(rawValue: 0x10_0000)
    }

    struct Login {
        var user: String
        var database: String?
        /// What proves the password, by the plugin's rules.
        var proof: [UInt8]
        var plugin: String
    }

    private static let mostBytes: UInt32 = 1 << 24
    private static let utf8: UInt8 = 33

    /// Asks for TLS: the beginning of a login, in which nothing is said yet.
    static func tlsRequest(_ server: Capabilities, hasDatabase: Bool, number: UInt8) -> [UInt8] {
        packet(number, head(server, hasDatabase: hasDatabase, isSealed: true))
    }

    static func login(
        _ login: Login,
        _ server: Capabilities,
        isSealed: Bool,
        number: UInt8
    ) -> [UInt8] {
        let hasDatabase = login.database != nil
        let spoken = capabilities(server, hasDatabase: hasDatabase, isSealed: isSealed)
        var body = head(server, hasDatabase: hasDatabase, isSealed: isSealed)
        // A proof is at most 32 bytes long; its length is one byte.
        body += text(login.user) + [UInt8(login.proof.count & 0xff)] + login.proof
        if let database = login.database { body += text(database) }
        if spoken.contains(.plugins) { body += text(login.plugin) }
        if spoken.contains(.attributes) {
            let attributes = counted("program_name") + counted("healthgate")
            body += [UInt8(attributes.count)] + attributes
        }
        return packet(number, body)
    }

    /// More of a login: what its plugin wants to be told.
    static func proof(_ bytes: [UInt8], number: UInt8) -> [UInt8] { packet(number, bytes) }

    static func query(_ sql: String) -> [UInt8] { packet(0, [3] + Array(sql.utf8)) }

    static let quit = packet(0, [1])

    private static func capabilities(
        _ server: Capabilities,
        hasDatabase: Bool,
        isSealed: Bool
    ) -> Capabilities {
        var spoken: Capabilities = [
            .longPassword, .protocol41, .transactions, .secureConnection, .plugins, .attributes,
        ]
        spoken.formIntersection(server)
        if hasDatabase { spoken.insert(.withDatabase) }
        if isSealed { spoken.insert(.tls) }
        return spoken
    }

    private static func head(
        _ server: Capabilities,
        hasDatabase: Bool,
        isSealed: Bool
    ) -> [UInt8] {
        let spoken = capabilities(server, hasDatabase: hasDatabase, isSealed: isSealed)
        return little(spoken.rawValue) + little(mostBytes) + [utf8]
            + [UInt8](repeating: 0, count: 23)
    }

    private static func packet(_ number: UInt8, _ body: [UInt8]) -> [UInt8] {
        little(UInt32(truncatingIfNeeded: body.count)).prefix(3) + [number] + body
    }

    private static func little(_ value: UInt32) -> [UInt8] {
        [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// A text that ends with a zero. One inside would end it early.
    private static func text(_ value: String) -> [UInt8] { value.utf8.filter { $0 != 0 } + [0] }

    private static func counted(_ value: StaticString) -> [UInt8] {
        let bytes = Array("\(value)".utf8)
        return [UInt8(bytes.count)] + bytes
    }
}
