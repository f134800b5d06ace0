package import Health

/// A protocol of a server as a pure value: bytes in, what to do out. No socket, no clock.
///
/// What comes from the server is judged to the last byte: whatever it sends, a machine ends with a
/// result or asks for more, and never traps.
package protocol ProbeMachine {
    /// The connection stands, and over TLS from the start its handshake is done.
    mutating func start() -> ProbeTurn
    /// Bytes came: they may be a part of a message, or several.
    mutating func receive(_ bytes: [UInt8]) -> ProbeTurn
    /// The TLS handshake that the last turn asked for is done.
    mutating func secured() -> ProbeTurn
    /// The server has ended the connection. Nil: that says no more than that it is gone.
    mutating func ended() -> Outcome.Failure?
    /// What is worth knowing where nothing has come by the deadline.
    var silence: String? { get }
}

extension ProbeMachine {
    package mutating func secured() -> ProbeTurn {
        .failed(.internal, "TLS was not asked for")
    }
    package mutating func ended() -> Outcome.Failure? { nil }
    package var silence: String? { nil }
}

/// What a machine wants done, in this order: these phases are over, these bytes are to be sent.
package struct ProbeTurn: Hashable, Sendable {
    package enum Next: Hashable, Sendable {
        /// Wait for more bytes.
        case receive
        /// Shake hands over TLS.
        case secure
        /// The probe is over; what is sent with it is a farewell.
        case finish(Outcome.Result, detail: String)
    }

    package var phases: [Outcome.Phase.Name] = []
    package var send: [UInt8] = []
    package var next: Next
    /// At the end: the server is given a moment before the connection ends, as after a farewell.
    package var lingers = false

    package init(
        _ next: Next,
        phases: [Outcome.Phase.Name] = [],
        send: [UInt8] = []
    ) {
        self.next = next
        self.phases = phases
        self.send = send
    }

    package static let more = ProbeTurn(.receive)

    package static func send(
        _ bytes: [UInt8],
        after phases: Outcome.Phase.Name...
    ) -> ProbeTurn {
        ProbeTurn(.receive, phases: phases, send: bytes)
    }

    package static func up(
        _ detail: String,
        after phases: Outcome.Phase.Name...,
        farewell: [UInt8] = []
    ) -> ProbeTurn {
        ProbeTurn(.finish(.up, detail: detail), phases: phases, send: farewell)
    }

    package static func failed(
        _ reason: Reason,
        _ text: String,
        after phases: Outcome.Phase.Name...,
        detail: String = "",
        farewell: [UInt8] = []
    ) -> ProbeTurn {
        let failure = Outcome.Failure(reason, at: .upstream, text)
        return ProbeTurn(.finish(.failed(failure), detail: detail), phases: phases, send: farewell)
    }
}
