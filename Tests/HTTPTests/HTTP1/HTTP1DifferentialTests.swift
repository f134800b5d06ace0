import HTTP
import Loop
import TestSupport
import Testing

/// Two parsers that read the same bytes differently are how requests are smuggled past the one in
/// front. So what we take, llhttp (Node.js) and h11 must take as well, and as the same messages;
/// we may only refuse more.
@Suite struct `Next to llhttp and h11, ours` {
    @Test func `never takes more, and takes the same messages`() async throws {
        var mutator = HTTP1Seeds.mutator(seed: 1)
        let tables = ValidRequest.all.map(\.text) + InvalidRequest.all.map(\.text)
        let inputs =
            (HTTP1Seeds.requests + tables).map { Array($0.utf8) }
            + (0..<6000).map { _ in mutator.next() }
        let peers = try await OtherParsers.read(inputs)
        try #require(peers.count == inputs.count)
        var agreed = 0
        var stricter: [HTTP1Error: Int] = [:]
        for (input, readings) in zip(inputs, peers) {
            try #require(readings.count == 2)
            let ours = HTTP1Reading([input])
            for peer in readings {
                let difference = Difference(ours, peer)
                switch difference {
                case .none: agreed += 1
                case .weRefuse(let error): stricter[error, default: 0] += 1
                case .weTakeMore(let message)
                where OtherParsers.excuse(for: message, refusedBy: peer.parser) != nil:
                    continue
                case .weTakeMore, .otherMessages:
                    let text = String(decoding: input, as: UTF8.self).debugDescription
                    Issue.record("\(peer.parser): \(difference) in \(text)\n\(ours)\n\(peer)")
                }
            }
        }
        // Else the comparison would not have been one.
        #expect(agreed > 5000)
        let unexplained = stricter.keys.filter { OtherParsers.laxities[$0] == nil }
        #expect(unexplained.isEmpty, "refused by us alone: \(stricter)")
    }
}
