import Glibc

/// Mutates seeds and hands each result on: a few hundred rounds in a plain test run, or for as many
/// seconds as `HEALTHGATE_FUZZ_SECONDS` says. The same rounds in each run.
///
/// `healthgate-fuzz` does it faster and tells the input that trapped, but cannot import what belongs
/// to the `healthgate` executable.
package struct Fuzz {
    private let mutator: Mutator
    private let rounds: Int

    /// A round is as many inputs as there are seeds.
    package init(seeds: [String], pieces: [String], rounds: Int = 400) {
        mutator = Mutator(seeds: seeds, pieces: pieces, seed: 1)
        self.rounds = rounds * seeds.count
    }

    package func run(_ body: ([UInt8]) -> Void) {
        var mutator = mutator
        let seconds = getenv("HEALTHGATE_FUZZ_SECONDS").flatMap { Int(String(cString: $0)) }
        let end = seconds.map { ContinuousClock.now.advanced(by: .seconds($0)) }
        var round = 0
        while end.map({ ContinuousClock.now < $0 }) ?? (round < rounds) {
            body(mutator.next())
            round += 1
        }
    }
}
