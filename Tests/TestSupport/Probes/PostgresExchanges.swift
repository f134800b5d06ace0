import Probes

extension ProbeExchange {
    /// With PostgreSQL 15.18. The user whose password is proved by SCRAM has a key of two rounds, for a
    /// test that proves it thousands of times.
    package static let postgres = [
        postgres(.query, "trusted", [PostgresHeard.welcome, PostgresHeard.one]),
        postgres(.role, "trusted", [PostgresHeard.briefWelcome, PostgresHeard.primary]),
        postgres(.role, "a standby", [PostgresHeard.briefWelcome, PostgresHeard.standby]),
        postgres(.handshake, "asked for a password", [PostgresHeard.scramAsked]),
        postgres(
            .query,
            "clear",
            [PostgresHeard.clearAsked, PostgresHeard.briefWelcome, PostgresHeard.one]
        ),
        postgres(
            .query,
            "hashed",
            [PostgresHeard.md5Asked, PostgresHeard.briefWelcome, PostgresHeard.one]
        ),
        postgres(
            .query,
            "salted",
            [
                PostgresHeard.scramAsked, PostgresHeard.scramFirst,
                PostgresHeard.scramLast + PostgresHeard.briefWelcome, PostgresHeard.one,
            ]
        ),
        postgres(
            .query,
            "over TLS",
            [[UInt8(ascii: "S")], PostgresHeard.briefWelcome, PostgresHeard.one],
            sealing: .asked
        ),
        postgres(
            .query,
            "wrong password",
            [PostgresHeard.clearAsked, PostgresHeard.refused],
            isUp: false
        ),
        postgres(.query, "no database", [PostgresHeard.noDatabase], isUp: false),
        postgres(.query, "no TLS", [[UInt8(ascii: "N")]], sealing: .asked, isUp: false),
    ]

    private static func postgres(
        _ depth: Depth,
        _ words: String,
        _ said: [[UInt8]],
        sealing: ServerTarget.Sealing = .none,
        isUp: Bool = true
    ) -> ProbeExchange {
        let target = ServerTarget(.postgres, depth: depth, user: "hashed", sealing: sealing)
        return ProbeExchange("PostgreSQL, \(depth), \(words)", said, isUp: isUp) {
            PostgresMachine(target, password: password, nonce: PostgresHeard.nonce)
        }
    }
}

/// Heard from PostgreSQL 15.18.
private enum PostgresHeard {
    /// What our side had made up for the exchange by SCRAM.
    static let nonce = "fqkf4ZoJsDooToeRBfAuln17"

    static let welcome = unhex(
        """
        52000000080000000053000000206170706c69636174696f6e5f6e616d65006865616c7468676174650053
        00000019636c69656e745f656e636f64696e670055544638005300000017446174655374796c650049534f
        2c204d445900530000002664656661756c745f7472616e73616374696f6e5f726561645f6f6e6c79006f66
        66005300000017696e5f686f745f7374616e646279006f6666005300000019696e74656765725f64617465
        74696d6573006f6e00530000001b496e74657276616c5374796c6500706f73746772657300530000001569
        735f737570657275736572006f66660053000000197365727665725f656e636f64696e6700555446380053
        000000327365727665725f76657273696f6e0031352e3138202844656269616e2031352e31382d302b6465
        62313275312900530000002273657373696f6e5f617574686f72697a6174696f6e00747275737465640053
        000000237374616e646172645f636f6e666f726d696e675f737472696e6773006f6e00530000001554696d
        655a6f6e65004574632f555443004b0000000c000035d026f7ca7f5a0000000549
        """
    )
    /// The same without the parameters that a probe does not read.
    static let briefWelcome = unhex(
        """
        52000000080000000053000000327365727665725f76657273696f6e0031352e3138202844656269616e20
        31352e31382d302b6465623132753129004b0000000c000035d026f7ca7f5a0000000549
        """
    )
    static let one = unhex(
        """
        540000002100013f636f6c756d6e3f00000000000000000000170004ffffffff0000440000000b00010000
        000131430000000d53454c4543542031005a0000000549
        """
    )
    static let primary = unhex(
        """
        5400000066000370675f69735f696e5f7265636f7665727900000000000000000000100001ffffffff0000
        63757272656e745f73657474696e670000000000000000000019ffffffffffff0000657874726163740000
        0000000000000006a4ffffffffffff0000440000001700030000000166000000036f666600000001304300
        00000d53454c4543542031005a0000000549
        """
    )
    static let standby = unhex(
        """
        5400000066000370675f69735f696e5f7265636f7665727900000000000000000000100001ffffffff0000
        63757272656e745f73657474696e670000000000000000000019ffffffffffff0000657874726163740000
        0000000000000006a4ffffffffffff0000440000001500030000000174000000026f6effffffff43000000
        0d53454c4543542031005a0000000549
        """
    )
    static let clearAsked = unhex(
        """
        520000000800000003
        """
    )
    static let md5Asked = unhex(
        """
        520000000c000000054bec5a36
        """
    )
    static let scramAsked = unhex(
        """
        52000000170000000a534352414d2d5348412d3235360000
        """
    )
    static let scramFirst = unhex(
        """
        52000000590000000b723d66716b66345a6f4a73446f6f546f6552426641756c6e31374236543766676574
        6a4c4b56727539444867474e5665696c2c733d4d4445794d7a51314e6a63344f5746695932526c5a673d3d
        2c693d32
        """
    )
    static let scramLast = unhex(
        """
        52000000360000000c763d3468694f59417a7156433735307171517839653369744634583779654c55684f
        7775656a4263396a596f383d
        """
    )
    static let refused = unhex(
        """
        450000006553464154414c0056464154414c00433238503031004d70617373776f72642061757468656e74
        69636174696f6e206661696c656420666f7220757365722022636c656172220046617574682e63004c3333
        340052617574685f6661696c65640000
        """
    )
    static let noDatabase = unhex(
        """
        520000000800000000450000005953464154414c0056464154414c00433344303030004d64617461626173
        6520226e6f70652220646f6573206e6f742065786973740046706f7374696e69742e63004c393438005249
        6e6974506f7374677265730000
        """
    )
}
