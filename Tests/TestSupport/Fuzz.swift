import Glibc

/// Mutates seeds and hands each result on: a few hundred rounds in a plain test run, or as many
/// inputs as `HEALTHGATE_FUZZ_RUNS` says, or for as many seconds as `HEALTHGATE_FUZZ_SECONDS` does. The
/// same inputs in each run.
///
/// `healthgate-fuzz` is led by what an input reaches and tells the one that trapped, but cannot import
/// what belongs to the `healthgate` executable.
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
        let runs = number("HEALTHGATE_FUZZ_RUNS")
        let seconds = runs == nil ? number("HEALTHGATE_FUZZ_SECONDS") : nil
        let start = ContinuousClock.now
        let end = seconds.map { start.advanced(by: .seconds($0)) }
        var count = 0
        while end.map({ ContinuousClock.now < $0 }) ?? (count < runs ?? rounds) {
            body(mutator.next())
            count += 1
        }
        guard runs != nil || seconds != nil else { return }
        print("\(count) executions in \((ContinuousClock.now - start).components.seconds) s")
    }

    private func number(_ variable: String) -> Int? {
        getenv(variable).flatMap { Int(String(cString: $0)) }
    }
}
