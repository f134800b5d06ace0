import Testing
import YAML
import healthgate

/// The same numbers in each run.
private struct Xorshift: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}

@Suite struct `A configuration file in any mutation` {
    /// Words move to where they do not belong, which finds more than random bytes do.
    private func mutations(of text: String, count: Int, _ body: ([UInt8]) -> Void) {
        var random = Xorshift(state: 0x2545_f491_4f6c_dd1d)
        let seed = Array(text.utf8)
        let parts = [
            "{", "}", "[", "]", ": ", "\n", "-1", "99999999999999999999", "~", "0x7f", "*a",
        ]
        for _ in 0..<count {
            var bytes = seed
            for _ in 0...Int.random(in: 0...2, using: &random) {
                let index = Int.random(in: 0..<bytes.count - 40, using: &random)
                let length = Int.random(in: 0...12, using: &random)
                let from = Int.random(in: 0..<bytes.count - 40, using: &random)
                switch Int.random(in: 0...3, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.insert(contentsOf: bytes[from..<from + length], at: index)
                case 2: bytes.removeSubrange(index..<index + length)
                default:
                    let part = parts[Int.random(in: 0..<parts.count, using: &random)]
                    bytes.replaceSubrange(index..<index + length, with: part.utf8)
                }
            }
            body(bytes)
        }
    }

    @Test func `is read or refused with a place within it`() {
        for text in [`A gateway file`.full, plan] {
            mutations(of: text, count: 400) { bytes in
                do throws(YAMLError) {
                    _ = try FileSummary(bytes, file: "f")
                } catch {
                    let lines = bytes.count { $0 == 0x0a || $0 == 0x0d } + 2
                    #expect(!error.problems.isEmpty)
                    #expect(error.problems.allSatisfy { (1...lines).contains($0.place.line) })
                }
            }
        }
    }
}
