/// Collects what a query is answered with, packet by packet.
struct MySQLRows {
    private(set) var names: [String] = []
    private(set) var rows: [[String?]] = []
    private var columns: Int?
    private var hasNames = false
    private var size = 0

    private static let mostColumns = 1000
    private static let mostBytes = 4 << 20

    enum Step {
        case more, done
        case failed(MySQLFailure)
    }

    struct Malformed: Error {}

    mutating func take(_ body: [UInt8]) throws(Malformed) -> Step {
        size += body.count
        guard size <= MySQLRows.mostBytes else { throw Malformed() }
        if body.first == 0xff {
            guard let failure = MySQLFailure(body) else { throw Malformed() }
            return .failed(failure)
        }
        guard let columns else { return try begin(body) }
        let isEnd = body.first == 0xfe && body.count < 9
        if !hasNames {
            if isEnd {
                guard names.count == columns else { throw Malformed() }
                hasNames = true
                return .more
            }
            guard names.count < columns, let name = MySQLRows.name(body) else { throw Malformed() }
            names.append(name)
            return .more
        }
        if isEnd { return .done }
        rows.append(try MySQLRows.row(body, columns))
        return .more
    }

    /// The first packet: how many columns there are. One that asks for a file of ours is none.
    private mutating func begin(_ body: [UInt8]) throws(Malformed) -> Step {
        var cursor = MySQLCursor(body)
        guard let count = cursor.counted(), count <= MySQLRows.mostColumns else {
            throw Malformed()
        }
        if count == 0 { return .done }
        columns = count
        return .more
    }

    /// The name in a column's definition comes after its catalog, schema, table and real table.
    private static func name(_ body: [UInt8]) -> String? {
        var cursor = MySQLCursor(body)
        for _ in 0..<4 where cursor.string() == nil { return nil }
        return cursor.string().map { String(decoding: $0, as: UTF8.self) }
    }

    private static func row(_ body: [UInt8], _ columns: Int) throws(Malformed) -> [String?] {
        var cursor = MySQLCursor(body)
        var row: [String?] = []
        for _ in 0..<columns {
            if cursor.rest.first == 0xfb {
                _ = cursor.byte()
                row.append(nil)
                continue
            }
            guard let value = cursor.string() else { throw Malformed() }
            row.append(String(decoding: value, as: UTF8.self))
        }
        return row
    }

    /// The rows of a list of names and values; upper case and lower are one.
    var settings: [String: String] {
        var settings: [String: String] = [:]
        for row in rows where row.count >= 2 {
            guard let name = row[0], let value = row[1] else { continue }
            settings[name.lowercased()] = value
        }
        return settings
    }

    /// Each row by the names of its columns.
    var named: [[String: String]] {
        rows.map { row in
            var named: [String: String] = [:]
            for (name, value) in zip(names, row) { named[name] = value }
            return named
        }
    }
}
