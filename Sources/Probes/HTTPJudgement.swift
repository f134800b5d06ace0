import HTTP
import Health

extension ProbeTarget.HTTPExpectation {
    /// What is wrong with an answer that came; nil when it is as expected.
    func judge(_ response: HTTPResponse, throughSidecar: Bool) -> Outcome.Failure? {
        if !statuses.contains(where: { $0.contains(response.status) }) {
            if throughSidecar, let local = EnvoyLocalReply.judge(response) { return local }
            let wanted = statuses.map(\.words).joined(separator: ", ")
            let words = "status \(response.status), expected \(wanted)"
            return Outcome.Failure(.status, at: .upstream, words + excerpt(response))
        }
        for header in headers {
            guard let value = response.headers[header.name] else {
                return Outcome.Failure(.body, at: .upstream, "no header \(header.name)")
            }
            guard value.contains(header.value) else {
                let words = "header \(header.name) is \"\(value)\", expected \"\(header.value)\""
                return Outcome.Failure(.body, at: .upstream, words)
            }
        }
        if let wanted = bodyContains, !response.body.contains(bytesOf: wanted) {
            let words = "the body does not contain \"\(wanted)\"" + excerpt(response)
            return Outcome.Failure(.body, at: .upstream, words)
        }
        return nil
    }

    private func excerpt(_ response: HTTPResponse) -> String {
        response.body.isEmpty ? "" : ": \(quoted(response.body))"
    }
}

extension ClosedRange<Int> {
    fileprivate var words: String {
        lowerBound == upperBound ? "\(lowerBound)" : "\(lowerBound)-\(upperBound)"
    }
}

extension [UInt8] {
    /// Compared in bytes: as text, a combining character after the match would hide it.
    fileprivate func contains(bytesOf text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard let first = wanted.first else { return true }
        guard count >= wanted.count else { return false }
        return (0...(count - wanted.count)).contains {
            self[$0] == first && self[$0..<($0 + wanted.count)].elementsEqual(wanted)
        }
    }
}
