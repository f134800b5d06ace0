/// Messages of AMQP 0-9-1 (specification, section 4.2; RabbitMQ's `amqp-0-9-1-reference`).
enum AMQPMessage {
    static let header: [UInt8] = Array("AMQP".utf8) + [0, 0, 9, 1]

    /// By PLAIN (RFC 4616), as a client that wants to be told of a block and of a refusal.
    static func startOk(user: String, password: String) -> [UInt8] {
        let capabilities = ["connection.blocked", "authentication_failure_close"]
        let properties =
            property("product", "healthgate") + property("connection_name", "healthgate probe")
            + short("capabilities") + [UInt8(ascii: "F")]
            + long(capabilities.flatMap { short($0) + [UInt8(ascii: "t"), 1] })
        let plain = [0] + Array(user.utf8) + [0] + Array(password.utf8)
        return method(
            .startOk,
            long(properties) + short("PLAIN") + long(plain) + short("en_US")
        )
    }

    /// What the server offers suits us, without heartbeats.
    static func tuneOk(channels: Int, frame: Int) -> [UInt8] {
        method(.tuneOk, number(channels, 2) + number(frame, 4) + number(0, 2))
    }

    static func open(_ virtualHost: String) -> [UInt8] {
        method(.open, short(virtualHost) + short("") + [0])
    }

    static let close = method(
        .close,
        number(200, 2) + short("goodbye") + number(0, 2) + number(0, 2)
    )
    static let closeOk = method(.closeOk, [])

    static let openChannel = method(.openChannel, short(""), channel: 1)

    /// An empty message through the default exchange that must come back when no queue is named so.
    static func publish(to queue: String) -> [UInt8] {
        let mandatory: UInt8 = 1
        let content = number(60, 2) + number(0, 2) + number(0, 8) + number(0, 2)
        return method(
            .publish,
            number(0, 2) + short("") + short(queue) + [mandatory],
            channel: 1
        ) + frame(2, content, channel: 1)
    }

    private static func method(
        _ method: AMQPMethod,
        _ arguments: [UInt8],
        channel: Int = 0
    ) -> [UInt8] {
        frame(1, number(method.group, 2) + number(method.number, 2) + arguments, channel: channel)
    }

    private static func frame(_ kind: UInt8, _ body: [UInt8], channel: Int) -> [UInt8] {
        [kind] + number(channel, 2) + number(body.count, 4) + body + [AMQPReader.end]
    }

    private static func property(_ name: String, _ value: String) -> [UInt8] {
        short(name) + [UInt8(ascii: "S")] + long(Array(value.utf8))
    }

    /// A text of at most 255 bytes.
    private static func short(_ text: String) -> [UInt8] {
        let bytes = text.utf8.prefix(255)
        return [UInt8(truncatingIfNeeded: bytes.count)] + bytes
    }

    private static func long(_ bytes: [UInt8]) -> [UInt8] { number(bytes.count, 4) + bytes }

    private static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}

/// A method by the numbers of its class and of itself.
struct AMQPMethod: Hashable {
    let group: Int
    let number: Int

    init(_ group: Int, _ number: Int) {
        self.group = group
        self.number = number
    }
}

extension AMQPMethod {
    static let start = AMQPMethod(10, 10)
    static let startOk = AMQPMethod(10, 11)
    static let secure = AMQPMethod(10, 20)
    static let tune = AMQPMethod(10, 30)
    static let tuneOk = AMQPMethod(10, 31)
    static let open = AMQPMethod(10, 40)
    static let openOk = AMQPMethod(10, 41)
    static let close = AMQPMethod(10, 50)
    static let closeOk = AMQPMethod(10, 51)
    static let blocked = AMQPMethod(10, 60)
    static let unblocked = AMQPMethod(10, 61)
    static let openChannel = AMQPMethod(20, 10)
    static let openChannelOk = AMQPMethod(20, 11)
    static let closeChannel = AMQPMethod(20, 40)
    static let publish = AMQPMethod(60, 40)
    static let returned = AMQPMethod(60, 50)
}
