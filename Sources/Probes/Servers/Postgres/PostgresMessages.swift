/// Messages of PostgreSQL's protocol 3.0 (PostgreSQL documentation, chapter "Frontend/Backend Protocol").
enum PostgresMessage {
    /// Asks for TLS; one byte answers, `S` or `N`.
    static let tlsRequest: [UInt8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]
    static let terminate = message("X", [])

    static func startup(user: String, database: String?) -> [UInt8] {
        var body: [UInt8] = [0, 3, 0, 0]
        let parameters = [
            ("user", user), ("database", database ?? user), ("application_name", "healthgate"),
        ]
        for (name, value) in parameters { body += text(name) + text(value) }
        return counted(body + [0])
    }

    static func password(_ value: String) -> [UInt8] { message("p", text(value)) }

    static func saslFirst(_ mechanism: String, _ first: String) -> [UInt8] {
        message("p", text(mechanism) + int(first.utf8.count) + Array(first.utf8))
    }

    static func sasl(_ response: String) -> [UInt8] { message("p", Array(response.utf8)) }

    static func query(_ sql: String) -> [UInt8] { message("Q", text(sql)) }

    private static func message(_ kind: Character, _ body: [UInt8]) -> [UInt8] {
        Array(String(kind).utf8) + counted(body)
    }

    private static func counted(_ body: [UInt8]) -> [UInt8] { int(body.count + 4) + body }

    private static func int(_ value: Int) -> [UInt8] {
        let value = UInt32(truncatingIfNeeded: value)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// A text that ends with a zero. One inside would end it early.
    private static func text(_ value: String) -> [UInt8] { value.utf8.filter { $0 != 0 } + [0] }
}

/// Takes a server's messages out of the bytes as they come.
struct PostgresReader {
    private var bytes: [UInt8] = []
    /// A larger message is nothing that a probe has asked for.
    private static let most = 1 << 20

    struct Message {
        let kind: Character
        let body: [UInt8]
    }

    struct Malformed: Error {}

    mutating func add(_ more: [UInt8]) { bytes += more }

    /// The next whole message; nil: more bytes are needed.
    mutating func next() throws(Malformed) -> Message? {
        guard bytes.count >= 5 else {
            if let first = bytes.first, !PostgresReader.isKind(first) { throw Malformed() }
            return nil
        }
        let length = bytes[1..<5].reduce(0) { $0 << 8 | Int($1) }
        guard PostgresReader.isKind(bytes[0]), length >= 4, length <= PostgresReader.most else {
            throw Malformed()
        }
        guard bytes.count > length else { return nil }
        let message = Message(
            kind: Character(Unicode.Scalar(bytes[0])),
            body: Array(bytes[5..<length + 1])
        )
        bytes.removeFirst(length + 1)
        return message
    }

    private static func isKind(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "z")
    }
}

extension PostgresReader.Message {
    /// What an ErrorResponse or NoticeResponse says, by the letter of each field.
    var fields: [Character: String] {
        var fields: [Character: String] = [:]
        for part in body.split(separator: 0) {
            guard let code = part.first else { continue }
            fields[Character(Unicode.Scalar(code))] = String(
                decoding: part.dropFirst(),
                as: UTF8.self
            )
        }
        return fields
    }

    /// The columns of a DataRow; nil for NULL.
    var columns: [String?]? {
        guard body.count >= 2 else { return nil }
        var columns: [String?] = []
        var at = 2
        for _ in 0..<(Int(body[0]) << 8 | Int(body[1])) {
            guard at + 4 <= body.count else { return nil }
            let length = Int32(
                truncatingIfNeeded: body[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
            )
            at += 4
            guard length >= 0 else {
                columns.append(nil)
                continue
            }
            guard at + Int(length) <= body.count else { return nil }
            columns.append(String(decoding: body[at..<at + Int(length)], as: UTF8.self))
            at += Int(length)
        }
        return columns
    }

    /// The texts of a list that each ends with a zero.
    var texts: [String] {
        body.split(separator: 0, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// The code of an Authentication message, and what follows it.
    var authentication: (code: Int, rest: [UInt8])? {
        guard body.count >= 4 else { return nil }
        return (body[0..<4].reduce(0) { $0 << 8 | Int($1) }, Array(body[4...]))
    }
}
