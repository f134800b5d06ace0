import Health

@testable import Probes

/// What a MySQL server says, made for a test or heard from MariaDB 10.11.
enum MySQLScript {
    static func packet(_ number: UInt8, _ body: [UInt8]) -> [UInt8] {
        [UInt8(body.count & 0xff), UInt8(body.count >> 8), 0, number] + body
    }

    static func error(_ code: Int, _ words: String, state: String? = "HY000", number: UInt8 = 2)
        -> [UInt8]
    {
        let marked = state.map { "#" + $0 } ?? ""
        return packet(
            number,
            [0xff, UInt8(code & 0xff), UInt8(code >> 8)] + Array((marked + words).utf8)
        )
    }

    static let nonce = (1...20).map { UInt8($0) }

    /// Without TLS unless `flags` say otherwise.
    static func greeting(
        _ version: String = "8.0.36",
        _ plugin: String = "mysql_native_password",
        flags: UInt32 = 0x18_a209
    ) -> [UInt8] {
        let low = [UInt8(flags & 0xff), UInt8(flags >> 8 & 0xff)]
        let high = [UInt8(flags >> 16 & 0xff), UInt8(flags >> 24 & 0xff)]
        let begin = [10] + Array(version.utf8) + [0, 7, 0, 0, 0] + nonce.prefix(8) + [0]
        let middle = low + [33, 2, 0] + high + [21] + [UInt8](repeating: 0, count: 10)
        return packet(0, begin + middle + nonce.suffix(12) + [0] + Array(plugin.utf8) + [0])
    }

    static let tls: UInt32 = 0x18_aa09

    static func ok(_ number: UInt8 = 2) -> [UInt8] { packet(number, [0, 0, 0, 2, 0, 0, 0]) }

    static func switched(to plugin: String, number: UInt8 = 2) -> [UInt8] {
        packet(number, [0xfe] + Array(plugin.utf8) + [0] + nonce + [0])
    }

    static func answer(_ names: [String], _ rows: [[String?]]) -> [UInt8] {
        let text = { (text: String) in [UInt8(text.utf8.count)] + Array(text.utf8) }
        var said = packet(1, [UInt8(names.count)])
        var number: UInt8 = 2
        let add = { (body: [UInt8]) in
            said += packet(number, body)
            number += 1
        }
        for name in names {
            add(text("def") + [0, 0, 0] + text(name) + [0, 12] + [UInt8](repeating: 0, count: 12))
        }
        add([0xfe, 0, 0, 2, 0])
        for row in rows { add(row.flatMap { $0.map(text) ?? [0xfb] }) }
        add([0xfe, 0, 0, 2, 0])
        return said
    }

    static func settings(_ values: KeyValuePairs<String, String>) -> [UInt8] {
        answer(["Variable_name", "Value"], values.map { [$0.key, $0.value] })
    }

    static func source(_ reads: String, _ applies: String, _ lag: String?) -> [UInt8] {
        answer(
            ["Slave_IO_Running", "Slave_SQL_Running", "Seconds_Behind_Master"],
            [[reads, applies, lag]]
        )
    }

    /// A machine's own, whom the server answers one after the other.
    static func machine(
        _ depth: Depth,
        role: ServerTarget.Role? = nil,
        lag: Duration? = nil,
        password: String? = "pencil",
        sealing: ServerTarget.Sealing = .none
    ) -> MySQLMachine {
        let target = ServerTarget(
            .mysql,
            depth: depth,
            user: "me",
            role: role,
            maxLag: lag,
            sealing: sealing
        )
        return MySQLMachine(target, password: password)
    }

    /// All turns of an exchange in which the server says these things one after the other.
    static func turns(_ machine: MySQLMachine, _ said: [[UInt8]]) -> [ProbeTurn] {
        var machine = machine
        var turns = [machine.start()]
        for bytes in said {
            if turns.last?.next == .secure { turns.append(machine.secured()) }
            guard turns.last?.next == .receive else { break }
            turns.append(machine.receive(bytes))
        }
        return turns
    }

    static func end(_ machine: MySQLMachine, _ said: [[UInt8]]) -> ProbeTurn {
        turns(machine, said).last ?? .more
    }
}
