/// The input in pieces, cut at places that look random and are the same whenever it is read again.
package func pieces(of bytes: [UInt8]) -> [[UInt8]] {
    // FNV-1a
    let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
        ($0 ^ UInt64($1)) &* 0x0100_0000_01B3
    }
    var random = SeededGenerator(seed: hash)
    var pieces: [[UInt8]] = []
    var rest = bytes[...]
    let longest = Bool.random(using: &random) ? 3 : max(1, bytes.count / 2)
    while !rest.isEmpty {
        let piece = rest.prefix(Int.random(in: 1...longest, using: &random))
        pieces.append(Array(piece))
        rest = rest.dropFirst(piece.count)
    }
    return pieces
}
