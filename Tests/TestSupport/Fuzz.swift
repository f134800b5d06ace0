import Glibc

/// Mutates seeds and hands each result on: a few hundred rounds in a plain test run, or for as many
/// seconds as `HEALTHGATE_FUZZ_SECONDS` says. The same rounds in each run.
package struct Fuzz {
    private let seeds: [[UInt8]]
    /// Pieces to drop in: what means something to the parser finds more than random bytes do.
    private let pieces: [[UInt8]]
    private let rounds: Int

    package init(seeds: [String], pieces: [String], rounds: Int = 400) {
        self.seeds = seeds.map { Array($0.utf8) }.filter { !$0.isEmpty }
        self.pieces = pieces.map { Array($0.utf8) }
        self.rounds = rounds
    }

    package func run(_ body: ([UInt8]) -> Void) {
        var random = Xorshift(state: 0x2545_f491_4f6c_dd1d)
        let seconds = getenv("HEALTHGATE_FUZZ_SECONDS").flatMap { Int(String(cString: $0)) }
        let end = seconds.map { ContinuousClock.now.advanced(by: .seconds($0)) }
        var round = 0
        while end.map({ ContinuousClock.now < $0 }) ?? (round < rounds) {
            for seed in seeds { body(mutated(seed, &random)) }
            round += 1
        }
    }

    private func mutated(_ seed: [UInt8], _ random: inout Xorshift) -> [UInt8] {
        var bytes = seed
        for _ in 0...Int.random(in: 0...2, using: &random) where !bytes.isEmpty {
            let some = range(in: bytes, &random)
            switch Int.random(in: 0...3, using: &random) {
            case 0: bytes[some.lowerBound] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.insert(contentsOf: bytes[range(in: bytes, &random)], at: some.lowerBound)
            case 2: bytes.removeSubrange(some)
            default:
                bytes.replaceSubrange(some, with: pieces.randomElement(using: &random) ?? [])
            }
        }
        return bytes
    }

    /// Up to a dozen bytes, at least one.
    private func range(in bytes: [UInt8], _ random: inout Xorshift) -> Range<Int> {
        let start = Int.random(in: 0..<bytes.count, using: &random)
        return start..<min(bytes.count, start + Int.random(in: 1...12, using: &random))
    }
}

private struct Xorshift: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
