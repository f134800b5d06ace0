package import Health
import Loop

/// Asks a RabbitMQ broker, as deep as it is told.
///
/// A handshake ends with the broker's greeting. No way out of it is silent: whatever comes next but
/// credentials is an error in RabbitMQ's log, an end of the connection a warning. With credentials the
/// connection is closed as the protocol wants it, and nothing is logged but that it was there.
///
/// Only a client that has published is told that the broker takes no messages (its memory or disk is
/// short). So the depth `query` publishes one that no queue can take, and which comes back.
package struct AMQPMachine: ProbeMachine {
    private enum State {
        case greeting, authenticating, opening, publishing, closing, over
    }

    private let target: ServerTarget
    private let password: String?
    private let nonce: String
    private var state = State.greeting
    private var reader = AMQPReader()
    private var server = "an AMQP broker"

    /// - Parameter nonce: a part of the name of a queue that does not exist.
    package init(_ target: ServerTarget, password: String?, nonce: String? = nil) {
        self.target = target
        self.password = password
        self.nonce = nonce ?? randomBytes(12).map { String($0, radix: 36) }.joined()
    }

    package mutating func start() -> ProbeTurn { .send(AMQPMessage.header) }

    package mutating func receive(_ bytes: [UInt8]) -> ProbeTurn {
        guard state != .over else { return .more }
        reader.add(bytes)
        do throws(AMQPReader.Malformed) {
            while let message = try reader.next() {
                guard case .method(let method, let arguments) = message else { continue }
                if let turn = take(method, arguments) { return turn }
            }
            return .more
        } catch {
            switch error {
            case .gibberish:
                // Somebody who repeats what he is told would repeat the password.
                let said = state == .greeting ? ": \(words.shown(bytes))" : ""
                return fail(.protocol, "this is no AMQP\(said)")
            case .otherVersion(let version):
                return fail(.protocol, "the broker speaks AMQP \(version) and not 0-9-1")
            }
        }
    }

    package mutating func ended() -> Outcome.Failure? {
        guard state == .authenticating else { return nil }
        return Outcome.Failure(.auth, at: .upstream, "the broker closed on our credentials")
    }

    /// Nil: go on with the next frame.
    private mutating func take(_ method: AMQPMethod, _ arguments: AMQPArguments) -> ProbeTurn? {
        switch (method, state) {
        case (.start, .greeting): return started(arguments)
        case (.secure, .authenticating):
            return fail(.auth, "the broker wants more than PLAIN")
        case (.tune, .authenticating): return tuned(arguments)
        case (.openOk, .opening): return opened()
        case (.openChannelOk, .publishing):
            return .send(AMQPMessage.publish(to: "healthgate.probe.\(nonce)"))
        case (.returned, .publishing):
            return close(after: .query)
        case (.closeChannel, .publishing): return channelClosed(arguments)
        case (.closeOk, .closing):
            var end = finish(.up)
            // RabbitMQ still clears away the channel. A connection that ends under it is, now and
            // then, an error in its log.
            end.lingers = target.depth == .query
            return end
        case (.blocked, .publishing), (.blocked, .closing):
            return blocked(arguments)
        case (.blocked, _), (.unblocked, _): return nil
        case (.close, _): return closed(arguments)
        default:
            return fail(.protocol, "an unexpected method \(method.group).\(method.number)")
        }
    }

    private mutating func started(_ arguments: AMQPArguments) -> ProbeTurn {
        var arguments = arguments
        guard arguments.number(2) != nil, let properties = arguments.table(),
            let mechanisms = arguments.longBytes()
        else { return fail(.protocol, "a malformed greeting") }
        server = describe(properties)
        guard target.depth > .handshake else {
            state = .over
            return .up(server, after: .handshake)
        }
        let offered = String(decoding: mechanisms, as: UTF8.self)
        guard offered.split(separator: " ").contains("PLAIN") else {
            return fail(.auth, "the broker offers \(words.shown(offered)) alone")
        }
        guard let password, let user = target.user else {
            return fail(.auth, "no user and password are configured")
        }
        state = .authenticating
        return .send(AMQPMessage.startOk(user: user, password: password), after: .handshake)
    }

    private func describe(_ properties: [String: String]) -> String {
        let product = properties["product"] ?? "an AMQP broker"
        let version = properties["version"].map { " \($0)" } ?? ""
        let cluster = properties["cluster_name"].map { ", cluster \($0)" } ?? ""
        return words.shown(product + version + cluster)
    }

    private mutating func tuned(_ arguments: AMQPArguments) -> ProbeTurn {
        var arguments = arguments
        guard let channels = arguments.number(2), let frame = arguments.number(4) else {
            return fail(.protocol, "a malformed Tune")
        }
        state = .opening
        return .send(
            AMQPMessage.tuneOk(channels: channels, frame: frame)
                + AMQPMessage.open(target.database ?? "/")
        )
    }

    private mutating func opened() -> ProbeTurn {
        guard target.depth > .auth else { return close(after: .auth) }
        state = .publishing
        return .send(AMQPMessage.openChannel, after: .auth)
    }

    /// A broker that is blocked says so before it reads what follows: so no block was missed when it
    /// answers this.
    private mutating func close(after phase: Outcome.Phase.Name) -> ProbeTurn {
        state = .closing
        return .send(AMQPMessage.close, after: phase)
    }

    // MARK: Ends

    private var words: ServerWords { ServerWords(secret: password) }

    private mutating func blocked(_ arguments: AMQPArguments) -> ProbeTurn {
        var arguments = arguments
        let reason = words.shown(arguments.shortText() ?? "")
        let phases: [Outcome.Phase.Name] = state == .publishing ? [.query] : []
        // Blocked, it reads nothing more: no goodbye would reach it.
        return finish(.degraded("the broker takes no messages: \(reason)"), after: phases)
    }

    private mutating func finish(
        _ result: Outcome.Result,
        after phases: [Outcome.Phase.Name] = []
    ) -> ProbeTurn {
        state = .over
        return ProbeTurn(.finish(result, detail: server), phases: phases)
    }

    private mutating func channelClosed(_ arguments: AMQPArguments) -> ProbeTurn {
        guard let (code, text) = reply(arguments) else {
            return fail(.protocol, "a malformed Channel.Close")
        }
        let reason: Reason = code == 403 ? .auth : .status
        return fail(reason, "\(text) (\(code))", farewell: AMQPMessage.close)
    }

    /// What the broker itself says is wrong (AMQP 0-9-1 specification, section 1.2, reply codes).
    private mutating func closed(_ arguments: AMQPArguments) -> ProbeTurn {
        guard let (code, text) = reply(arguments) else {
            return fail(.protocol, "a malformed Connection.Close")
        }
        let reason: Reason =
            switch code {
            // It is being stopped, or put out of service.
            case 320: .starting
            case 530 where text.contains("limit"), 506: .full
            case 403, 402, 530: .auth
            case 501, 502, 503, 504, 505: .protocol
            default: .status
            }
        return fail(reason, "\(text) (\(code))", farewell: AMQPMessage.closeOk)
    }

    private func reply(_ arguments: AMQPArguments) -> (code: Int, text: String)? {
        var arguments = arguments
        guard let code = arguments.number(2), let text = arguments.shortText() else { return nil }
        return (code, words.shown(text))
    }

    private mutating func fail(
        _ reason: Reason,
        _ words: String,
        farewell: [UInt8] = []
    ) -> ProbeTurn {
        let phase: Outcome.Phase.Name =
            switch state {
            case .greeting, .over: .handshake
            case .authenticating, .opening: .auth
            case .publishing: .query
            case .closing: target.depth == .auth ? .auth : .query
            }
        state = .over
        return .failed(reason, words, after: phase, detail: server, farewell: farewell)
    }
}
