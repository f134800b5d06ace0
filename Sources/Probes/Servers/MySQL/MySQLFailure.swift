import Health

/// An ERR packet: what the server itself says is wrong.
struct MySQLFailure {
    let number: Int
    private let state: String
    private let words: String

    /// Nil: it is none.
    init?(_ body: [UInt8]) {
        var cursor = MySQLCursor(body)
        guard cursor.byte() == 0xff, let number = cursor.integer(2) else { return nil }
        self.number = number
        // Before a greeting there is no SQLSTATE.
        if cursor.rest.first == UInt8(ascii: "#"), let state = cursor.take(6) {
            self.state = String(decoding: state.dropFirst(), as: UTF8.self)
        } else {
            state = ""
        }
        words = String(decoding: cursor.rest.prefix(512), as: UTF8.self)
    }

    func text(_ shown: ServerWords) -> String {
        let message = words.isEmpty ? "no message" : shown.shown(words)
        let state = state.isEmpty ? "" : ", SQLSTATE \(shown.shown(state))"
        return "\(message) (error \(number)\(state))"
    }

    /// MySQL's and MariaDB's error references agree on these numbers, but for the last of TLS.
    var reason: Reason {
        switch number {
        // Too many connections: of all, of this user, of this user in an hour.
        case 1040, 1203, 1226: .full
        // Shutting down; a Galera node that is not ready.
        case 1053, 1047: .starting
        // Wrong user, password or database; a host that is blocked or not allowed; a plugin that
        // client and server do not share; a password that has expired, an account that is locked.
        case 1044, 1045, 1049, 1129, 1130, 1251, 1275, 1396, 1524, 1698, 1820, 1862, 3118, 4151:
            .auth
        case 3159: .tlsHandshake
        case _ where words.contains("insecure transport"): .tlsHandshake
        // Offline mode: only administrators get in.
        case 3032: .notServing
        // Bad handshake, malformed or unordered packets.
        case 1043, 1156, 1835: .protocol
        default: .status
        }
    }

    /// This connection's user lacks the right, or the server lacks the statement.
    var isRefusal: Bool { [1064, 1142, 1227, 1235].contains(number) }
}
