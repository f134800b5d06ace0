package import Health

extension DNSQuestion {
    package typealias Answer = Result<DNSMessage, DNSMessage.Malformed>

    /// The answer to this question with this number; nil for anything else that came.
    package func answer(in bytes: [UInt8], id: UInt16) -> Answer? {
        guard bytes.count >= 12, bytes[0] == UInt8(id >> 8), bytes[1] == UInt8(id & 0xff),
            bytes[2] & 0x80 != 0
        else { return nil }
        do throws(DNSMessage.Malformed) {
            let message = try DNSMessage(bytes)
            // Only who refuses may leave the question out.
            let isOurs = message.question.map { $0 == asked } ?? (message.code != 0)
            return isOurs ? .success(message) : nil
        } catch {
            return .failure(error)
        }
    }

    /// What an answer comes to, and what was seen.
    package func judge(_ answer: Answer) -> (Outcome.Result, detail: String) {
        switch answer {
        case .failure(let error):
            return failed(.protocol, "the answer is malformed: \(error.words)")
        case .success(let message): return judge(message)
        }
    }

    private func judge(_ message: DNSMessage) -> (Outcome.Result, detail: String) {
        switch message.code {
        case 0: break
        case 2:
            return failed(.status, "SERVFAIL: the server could not find out about \(asked.name)")
        case 3: return failed(.dns, "NXDOMAIN: there is no \(asked.name)")
        case 5: return failed(.status, "REFUSED: the server does not answer us about \(asked.name)")
        case let code:
            let words = DNSQuestion.codes[code] ?? "code \(code)"
            return failed(.status, "\(words): the server did not answer about \(asked.name)")
        }
        let values = message.values(for: asked)
        guard !values.isEmpty else {
            return failed(.dns, "\(asked.name) has no record of type \(type.rawValue)")
        }
        let found = "\(asked.name) \(type.rawValue) \(some(values.map { legible($0) }))"
        let missing = expected.filter { !values.contains($0) }
        guard missing.isEmpty else {
            let words = "expected \(some(missing)), the answer is \(some(values))"
            return (.failed(Outcome.Failure(.body, at: .upstream, legible(words))), found)
        }
        return (.up, found)
    }

    private static let codes = [1: "FORMERR", 4: "NOTIMP", 6: "YXDOMAIN", 9: "NOTAUTH"]

    private func failed(_ reason: Reason, _ words: String) -> (Outcome.Result, detail: String) {
        (.failed(Outcome.Failure(reason, at: .upstream, words)), "")
    }
}
