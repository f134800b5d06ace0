import Health
import Probes
import TestSupport
import Testing

/// What a server may say that nobody foresaw: each prefix of what servers did say, and each of its
/// bytes altered.
@Suite struct `Any bytes at all` {
    /// The server ends the connection there, or falls silent.
    @Test(arguments: ProbeExchange.all)
    func `are waited for to the end of what proves that a server is up`(exchange: ProbeExchange) {
        let last = exchange.said.count - 1
        for (index, message) in exchange.said.enumerated() {
            let least = message.count - (index == last ? exchange.spare : 0)
            let before = Conversation(exchange, heard: index)
            var byByte = before
            for count in 0..<least {
                var cut = before
                cut.hear(Array(message[..<count]))
                #expect(cut.isWaiting, "\(count) bytes of message \(index)")
                #expect(byByte.isWaiting, "\(count) bytes of message \(index), one by one")
                _ = (cut.machine.ended(), cut.machine.silence)
                byByte.hear([message[count]])
            }
        }
        let end = Conversation(exchange, heard: exchange.said.count).turn
        #expect(end.isUp == exchange.isUp)
        #expect((end.failure != nil) != exchange.isUp)
    }

    @Test(arguments: ProbeExchange.all)
    func `are answered by an end or a wait, and never shown as they are`(exchange: ProbeExchange) {
        for (index, message) in exchange.said.enumerated() {
            let before = Conversation(exchange, heard: index)
            for (place, byte) in message.enumerated() {
                for value in alterations(of: byte) {
                    var altered = message
                    altered[place] = value
                    var after = before
                    for bytes in [altered] + exchange.said[(index + 1)...] { after.hear(bytes) }
                    #expect(isPlain(after.turn.shown), "byte \(place) of message \(index)")
                }
            }
        }
    }

    @Test(arguments: ProbeAnswer.all)
    func `are no answer that a probe takes for a good one`(answer: ProbeAnswer) {
        #expect((answer.judge(answer.bytes) == .up) == answer.isUp)
        for count in 0..<answer.bytes.count - answer.spare {
            #expect(answer.judge(Array(answer.bytes[..<count])) != .up, "\(count) bytes")
        }
        for (place, byte) in answer.bytes.enumerated() {
            for value in alterations(of: byte) {
                var altered = answer.bytes
                altered[place] = value
                if case .failed(let failure) = answer.judge(altered) {
                    #expect(isPlain(failure.text), "byte \(place)")
                }
            }
        }
    }

    private func alterations(of byte: UInt8) -> Set<UInt8> {
        [0, 0x1b, 0xff, byte &+ 1]
    }
}

/// A machine, and how far it has come with its server.
private struct Conversation {
    var machine: any ProbeMachine
    var turn: ProbeTurn

    init(_ exchange: ProbeExchange, heard count: Int) {
        machine = exchange.makeMachine()
        turn = machine.start()
        for bytes in exchange.said[..<count] { hear(bytes) }
    }

    var isWaiting: Bool { turn.next == .receive || turn.next == .secure }

    /// - Parameter bytes: none are never handed on.
    mutating func hear(_ bytes: [UInt8]) {
        if turn.next == .secure { turn = machine.secured() }
        guard turn.next == .receive, !bytes.isEmpty else { return }
        turn = machine.receive(bytes)
    }
}
