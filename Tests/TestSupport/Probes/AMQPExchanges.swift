import Probes

extension ProbeExchange {
    /// With RabbitMQ 3.10.8.
    package static let amqp = [
        amqp(.handshake, "greeted", [AMQPHeard.greeting]),
        amqp(.auth, "let in", AMQPHeard.opened + [AMQPHeard.closeOk]),
        amqp(
            .query,
            "published",
            AMQPHeard.opened + [AMQPHeard.channelOk, AMQPHeard.returned, AMQPHeard.closeOk]
        ),
        amqp(.auth, "wrong password", [AMQPHeard.greeting, AMQPHeard.refused], isUp: false),
        amqp(
            .auth,
            "no virtual host",
            [AMQPHeard.greeting, AMQPHeard.tune, AMQPHeard.noHost],
            isUp: false
        ),
    ]

    private static func amqp(
        _ depth: Depth,
        _ words: String,
        _ said: [[UInt8]],
        isUp: Bool = true
    ) -> ProbeExchange {
        let target = ServerTarget(.amqp, depth: depth, user: "watcher")
        return ProbeExchange("RabbitMQ, \(depth), \(words)", said, isUp: isUp) {
            AMQPMachine(target, password: password, nonce: "1")
        }
    }
}

/// Heard from RabbitMQ 3.10.8.
private enum AMQPHeard {
    static let opened = [greeting, tune, openOk]

    static let greeting = unhex(
        """
        010000000001f9000a000a0009000001d40c6361706162696c697469657346000000c7127075626c697368
        65725f636f6e6669726d7374011a65786368616e67655f65786368616e67655f62696e64696e677374010a
        62617369632e6e61636b740116636f6e73756d65725f63616e63656c5f6e6f74696679740112636f6e6e65
        6374696f6e2e626c6f636b6564740113636f6e73756d65725f7072696f72697469657374011c6175746865
        6e7469636174696f6e5f6661696c7572655f636c6f73657401107065725f636f6e73756d65725f716f7374
        010f6469726563745f7265706c795f746f74010c636c75737465725f6e616d6553000000126865616c7468
        67617465353335353140766d09636f707972696768745300000037436f7079726967687420286329203230
        30372d3230323220564d776172652c20496e632e206f722069747320616666696c69617465732e0b696e66
        6f726d6174696f6e53000000394c6963656e73656420756e64657220746865204d504c20322e302e205765
        62736974653a2068747470733a2f2f7261626269746d712e636f6d08706c6174666f726d53000000114572
        6c616e672f4f54502032352e322e330770726f6475637453000000085261626269744d510776657273696f
        6e5300000006332e31302e380000000e414d51504c41494e20504c41494e00000005656e5f5553ce
        """
    )
    static let tune = unhex(
        """
        0100000000000c000a001e07ff00020000003cce
        """
    )
    static let openOk = unhex(
        """
        01000000000005000a002900ce
        """
    )
    static let channelOk = unhex(
        """
        010001000000080014000b00000000ce
        """
    )
    static let returned = unhex(
        """
        01000100000035003c00320138084e4f5f524f55544500246865616c7468676174652e70726f62652e3377
        3161363935643935736a3333743669336bce0200010000000e003c000000000000000000000000ce
        """
    )
    static let closeOk = unhex(
        """
        01000000000004000a0033ce
        """
    )
    static let refused = unhex(
        """
        01000000000077000a003201936c4143434553535f52454655534544202d204c6f67696e20776173207265
        6675736564207573696e672061757468656e7469636174696f6e206d656368616e69736d20504c41494e2e
        20466f722064657461696c7320736565207468652062726f6b6572206c6f6766696c652e00000000ce
        """
    )
    static let noHost = unhex(
        """
        0100000000002d000a00320212224e4f545f414c4c4f574544202d2076686f7374206e6f7065206e6f7420
        666f756e64000a0028ce
        """
    )
}
