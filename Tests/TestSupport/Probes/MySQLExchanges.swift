import Probes

extension ProbeExchange {
    /// With MariaDB 10.11, and as MySQL's documents have it with what no server here does.
    package static let mysql = [
        mysql(.query, "query", [MariaDBHeard.greeting, MariaDBHeard.ok, MariaDBHeard.one]),
        mysql(
            .role,
            "role",
            [
                MariaDBHeard.greeting, MariaDBHeard.ok, MariaDBHeard.variables,
                MariaDBHeard.refusal,
            ]
        ),
        mysql(.handshake, "refused, and alive", [MariaDBHeard.greeting, MariaDBHeard.refusedUser]),
        mysql(.auth, "refused", [MariaDBHeard.greeting, MariaDBHeard.refusedUser], isUp: false),
        mysql(
            .query,
            "over TLS",
            [MariaDBHeard.sealedGreeting, MariaDBHeard.ok, MariaDBHeard.one],
            sealing: .asked
        ),
        mysql(.query, "no TLS", [MariaDBHeard.greeting], sealing: .asked, isUp: false),
        // Says that another plugin is wanted, remembers the password, and lets in.
        mysql(
            .auth,
            "caching_sha2_password, by script",
            [
                MariaDBHeard.greeting,
                packet(2, [0xfe] + Array("caching_sha2_password\0abcdefghijklmnopqrst\0".utf8)),
                packet(4, [1, 3]) + packet(5, [0, 0, 0, 2, 0, 0, 0]),
            ]
        ),
        mysql(
            .auth,
            "a key that is none, by script",
            [
                MariaDBHeard.greeting,
                packet(2, [0xfe] + Array("caching_sha2_password\0abcdefghijklmnopqrst\0".utf8)),
                packet(4, [1, 4]), packet(6, [1] + Array("-----BEGIN PUBLIC KEY-----\n".utf8)),
            ],
            isUp: false
        ),
    ]

    private static func mysql(
        _ depth: Depth,
        _ words: String,
        _ said: [[UInt8]],
        sealing: ServerTarget.Sealing = .none,
        isUp: Bool = true
    ) -> ProbeExchange {
        let target = ServerTarget(.mysql, depth: depth, user: "native", sealing: sealing)
        return ProbeExchange("MySQL, \(depth), \(words)", said, isUp: isUp) {
            MySQLMachine(target, password: password)
        }
    }

    private static func packet(_ number: UInt8, _ body: [UInt8]) -> [UInt8] {
        [UInt8(body.count), 0, 0, number] + body
    }
}

/// Heard from MariaDB 10.11.19, whose user may not ask for replication.
package enum MariaDBHeard {
    package static let greeting = unhex(
        """
        640000000a352e352e352d31302e31312e31392d4d6172696144422d302b6465623132753100210200006642576c3d
        29534600fef7080200ff81150000000000001d00000048722b79437e744d632c4f29006d7973716c5f6e6174697665
        5f70617373776f726400
        """
    )
    package static let ok = unhex("0700000200000002000000")
    package static let one = unhex(
        """
        010000010117000002036465660000000131000c3f000100000003810000000005000003fe00000200020000040131
        05000005fe00000200
        """
    )
    package static let variables = unhex(
        """
        0100000102640000020364656612696e666f726d6174696f6e5f736368656d611153455353494f4e5f564152494142
        4c45531153455353494f4e5f5641524941424c45530d5661726961626c655f6e616d650d5641524941424c455f4e41
        4d450c2100c0000000fd01100000005d0000030364656612696e666f726d6174696f6e5f736368656d611153455353
        494f4e5f5641524941424c45531153455353494f4e5f5641524941424c45530556616c75650e5641524941424c455f
        56414c55450c210000300000fd011000000005000004fe000022001500000510696e6e6f64625f726561645f6f6e6c
        79034f46460e00000609726561645f6f6e6c79034f46460d0000070877737265705f6f6e034f4646140000080e7773
        7265705f70726f7669646572046e6f6e6505000009fe00002200
        """
    )
    package static let refusal = unhex(
        """
        58000001ffcb042334323030304163636573732064656e6965643b20796f75206e65656420286174206c65
        617374206f6e65206f6629207468652053555045522c20534c415645204d4f4e49544f522070726976696c
        656765287329
        """
    )
    package static let sealedGreeting = unhex(
        """
        640000000a352e352e352d31302e31312e31392d4d6172696144422d302b6465623132753100040000003c
        3534464259797500feff080200ff81150000000000001d0000006061477b582550413832344d006d797371
        6c5f6e61746976655f70617373776f726400
        """
    )
    package static let refusedUser = unhex(
        """
        4a000002ff15042332383030304163636573732064656e69656420666f72207573657220276e6174697665
        2740273132372e302e302e312720287573696e672070617373776f72643a2059455329
        """
    )
}
