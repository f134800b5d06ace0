/// The first thing that a server says: who it is and what it can do.
struct MySQLGreeting {
    let version: String
    let capabilities: MySQLPacket.Capabilities
    /// 20 bytes, new for each connection, that a password is proved with.
    let nonce: [UInt8]
    let plugin: String
    let isMariaDB: Bool

    /// Nil: it is no greeting of protocol 10.
    init?(_ body: [UInt8]) {
        var cursor = MySQLCursor(body)
        guard cursor.byte() == 10, let version = cursor.text(),
            cursor.take(4) != nil,  // the number of the connection
            let first = cursor.take(8), cursor.take(1) != nil,
            let low = cursor.integer(2), cursor.take(1) != nil, cursor.take(2) != nil,
            let high = cursor.integer(2), let count = cursor.byte(), cursor.take(10) != nil
        else { return nil }
        let capabilities = MySQLPacket.Capabilities(rawValue: UInt32(high << 16 | low))
        var nonce = Array(first)
        if capabilities.contains(.secureConnection) {
            // With a zero at its end that does not belong to it.
            guard let second = cursor.take(max(13, Int(count) - 8)) else { return nil }
            nonce += second.prefix(12)
        }
        let name = capabilities.contains(.plugins) ? cursor.text() : nil
        let words = String(decoding: version, as: UTF8.self)
        self.capabilities = capabilities
        self.nonce = nonce
        plugin = name.map { String(decoding: $0, as: UTF8.self) } ?? ""
        isMariaDB = words.contains("MariaDB")
        // Before 11, MariaDB feigns a version that replicas of old took for MySQL's.
        let number = words.hasPrefix("5.5.5-") && isMariaDB ? words.dropFirst(6) : words[...]
        self.version = String(number.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }.prefix(20))
    }

    /// The product and its version.
    var server: String {
        "\(isMariaDB ? "MariaDB" : "MySQL") \(version.isEmpty ? "of an unknown version" : version)"
    }

    /// Whether it is of this version or a newer one.
    func isSince(_ wanted: [Int]) -> Bool {
        let parts = version.split(separator: ".").map { Int($0) ?? 0 }
        return !parts.lexicographicallyPrecedes(wanted)
    }
}
