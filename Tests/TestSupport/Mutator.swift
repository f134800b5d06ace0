/// Makes inputs that are almost right out of ones that are.
package struct Mutator {
    package let seeds: [[UInt8]]
    /// What is worth putting in: the words and marks of the language.
    private let pieces: [[UInt8]]
    private var random: SeededGenerator

    package init(seeds: [[UInt8]], pieces: [[UInt8]], seed: UInt64 = 1) {
        self.seeds = seeds
        self.pieces = pieces
        random = SeededGenerator(seed: seed)
    }

    package init(seeds: [String], pieces: [String], seed: UInt64) {
        self.init(
            seeds: seeds.map { Array($0.utf8) },
            pieces: pieces.map { Array($0.utf8) },
            seed: seed
        )
    }

    /// The next input: a seed, sometimes two joined, with one to five changes.
    package mutating func next() -> [UInt8] {
        var bytes = pick(seeds)
        if chance(of: 4) { bytes += pick(seeds) }
        for _ in 0..<Int.random(in: 1...5, using: &random) { change(&bytes) }
        return bytes
    }

    /// These bytes with one to three changes.
    package mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) { change(&bytes) }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let some = place..<Int.random(in: place...min(bytes.count, place + 8), using: &random)
        switch Int.random(in: 0..<9, using: &random) {
        case 0: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        case 1, 2: bytes.insert(contentsOf: pick(pieces), at: place)
        case 3: bytes.replaceSubrange(some, with: pick(pieces))
        case 4: bytes.removeSubrange(some)
        case 5: bytes.insert(contentsOf: bytes[some], at: place)
        case 6 where place < bytes.count:
            bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 7 where chance(of: 4): bytes.removeSubrange(place...)
        case 8:
            let other = pick(seeds)
            let from = Int.random(in: 0...other.count, using: &random)
            bytes.replaceSubrange(some, with: other[from...].prefix(40))
        default: break
        }
    }

    private mutating func pick(_ choices: [[UInt8]]) -> [UInt8] {
        choices.randomElement(using: &random) ?? []
    }

    private mutating func chance(of count: Int) -> Bool {
        Int.random(in: 0..<count, using: &random) == 0
    }
}
