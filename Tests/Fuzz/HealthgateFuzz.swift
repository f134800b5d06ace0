import Glibc
import TestSupport

/// Mutated seeds against the readers of bytes from outside, for so long: `--seconds N`, from the
/// random numbers of `--seed N`. A fault, trap or hang ends it with the input in hexadecimal, and
/// `--input HEX` reads that one again.
@main
struct HealthgateFuzz {
    static func main() {
        guard let options = Options(CommandLine.arguments.dropFirst()) else {
            fail("usage: healthgate-fuzz [--seconds N] [--seed N] [--input HEX]")
        }
        Watch.start()
        var targets: [any FuzzTarget] = [
            RequestTarget(mutator: HTTP1Seeds.mutator(seed: options.seed)),
            ResponseTarget(mutator: HTTP1Seeds.responseMutator(seed: options.seed)),
            YAMLTarget(mutator: YAMLSeeds.mutator(seed: options.seed)),
        ]
        if let input = options.input {
            for index in targets.indices { check(&targets[index], input) }
            print("read by all without fault")
            return
        }
        let deadline = ContinuousClock.now + .seconds(options.seconds)
        var counts = [Int](repeating: 0, count: targets.count)
        repeat {
            for index in targets.indices {
                for _ in 0..<100 { check(&targets[index], targets[index].next()) }
                counts[index] += 100
            }
        } while ContinuousClock.now < deadline
        for (target, count) in zip(targets, counts) { print("\(target.name): \(count) inputs") }
        print("\(counts.reduce(0, +)) inputs from seed \(options.seed), 0 faults")
    }

    private static func check(_ target: inout any FuzzTarget, _ input: [UInt8]) {
        Watch.begin(input)
        guard let fault = target.fault(with: input) else { return }
        print("\(target.name): \(fault)")
        fflush(nil)
        Watch.tellInput()
        exit(1)
    }

    private static func fail(_ message: String) -> Never {
        print(message)
        exit(64)
    }
}

/// What the command line says.
private struct Options {
    var seconds = 60
    var seed = UInt64.random(in: 1...UInt64(UInt32.max))
    var input: [UInt8]?

    init?(_ arguments: ArraySlice<String>) {
        var rest = arguments
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { return nil }
            switch name {
            case "--seconds":
                guard let seconds = Int(value), seconds > 0 else { return nil }
                self.seconds = seconds
            case "--seed":
                guard let seed = UInt64(value) else { return nil }
                self.seed = seed
            case "--input":
                guard let input = bytes(ofHex: value) else { return nil }
                self.input = input
            default:
                return nil
            }
        }
    }
}

private func bytes(ofHex text: String) -> [UInt8]? {
    let digits = text.compactMap(\.hexDigitValue)
    guard digits.count == text.count, digits.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
