import Glibc
import HTTP
import Loop
import TestSupport
import Testing

/// Two parsers that read the same bytes differently are how requests are smuggled past the one in
/// front. So what we take, llhttp (Node.js) and h11 must take as well, and as the same messages;
/// we may only refuse more.
///
/// `HEALTHGATE_DIFFERENTIAL=N` reads N inputs instead of a few thousand, and prints the figures.
@Suite struct `Next to llhttp and h11, ours` {
    @Test func `never takes more, and takes the same messages`() async throws {
        let wanted = getenv("HEALTHGATE_DIFFERENTIAL").flatMap { Int(String(cString: $0)) }
        var mutator = HTTP1Seeds.mutator(seed: 1)
        let tables = ValidRequest.all.map(\.text) + InvalidRequest.all.map(\.text)
        var batch = (HTTP1Seeds.requests + tables).map { Array($0.utf8) }
        var tallies = ["llhttp": Tally(), "h11": Tally()]
        var left = wanted ?? 6000
        repeat {
            for (input, readings) in zip(batch, try await OtherParsers.read(batch)) {
                try #require(readings.count == 2)
                let ours = HTTP1Reading([input])
                for peer in readings { tallies[peer.parser]?.add(ours, peer, input) }
            }
            batch = (0..<min(left, 6000)).map { _ in mutator.next() }
            left -= batch.count
        } while !batch.isEmpty
        for (parser, tally) in tallies {
            // Else the comparison would not have been one.
            #expect(tally.agreed > tally.inputs / 3, "\(parser): \(tally)")
            let unexplained = tally.stricter.keys.filter { OtherParsers.laxities[$0] == nil }
            #expect(unexplained.isEmpty, "refused by us alone: \(tally)")
            if wanted != nil { print("\(parser): \(tally)") }
        }
    }
}

/// How one other parser compares.
private struct Tally: CustomStringConvertible {
    var inputs = 0
    /// Complete messages that both have, the same.
    var messages = 0
    var agreed = 0
    var stricter: [HTTP1Error: Int] = [:]
    /// Inputs where the other is stricter than the RFC, by the reason.
    var excused: [String: Int] = [:]
    var laxer = 0

    mutating func add(_ ours: HTTP1Reading, _ peer: OtherReading, _ input: [UInt8]) {
        inputs += 1
        let difference = Difference(ours, peer)
        switch difference {
        case .none:
            agreed += 1
            messages += min(peer.messages.count, ours.messages.count(where: \.isComplete))
        case .weRefuse(let error): stricter[error, default: 0] += 1
        case .weTakeMore(let message):
            if let excuse = OtherParsers.excuse(
                for: message,
                in: input,
                refusedBy: peer.parser
            ) {
                excused[excuse, default: 0] += 1
            } else {
                tell(difference, ours, peer, input)
            }
        case .otherMessages: tell(difference, ours, peer, input)
        }
    }

    private mutating func tell(
        _ difference: Difference,
        _ ours: HTTP1Reading,
        _ peer: OtherReading,
        _ input: [UInt8]
    ) {
        laxer += 1
        let text = String(decoding: input, as: UTF8.self).debugDescription
        Issue.record("\(peer.parser): \(difference) in \(text)\n\(ours)\n\(peer)")
    }

    var description: String {
        let causes = stricter.sorted { $0.value > $1.value }
            .map { "\($0.value) \($0.key) (\(OtherParsers.laxities[$0.key] ?? "unexplained"))" }
        let excuses = excused.map { "\($0.value) (\($0.key))" }
        return "\(inputs) inputs, \(agreed) alike with \(messages) messages, ours laxer \(laxer)\n"
            + "ours stricter: \(causes.joined(separator: "\n  "))\n"
            + "the other stricter than the RFC: \(excuses.joined(separator: "\n  "))"
    }
}
