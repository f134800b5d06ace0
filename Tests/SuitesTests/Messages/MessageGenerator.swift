import Suites
import TestSupport

/// Messages in wire form by chance: valid ones in all the ways in which a value may be written, and
/// from these mutants.
struct MessageGenerator {
    let schema: Schema
    private var random: SeededGenerator

    init(_ schema: Schema, seed: UInt64) {
        self.schema = schema
        random = SeededGenerator(seed: seed)
    }

    mutating func message(_ type: MessageType, depth: Int = 4) -> [UInt8] {
        let all = type.fields + type.extensions
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            guard let field = all.randomElement(using: &random) else { break }
            if depth <= 0, field.message != nil { continue }
            bytes += self.field(field, depth)
            // Again, to be merged, to follow or to win.
            if chance(4) { bytes += self.field(field, depth) }
        }
        if chance(5) { bytes += unknown(depth: 3) }
        return bytes
    }

    /// Changes a message in one to four places.
    mutating func mutant(of message: [UInt8]) -> [UInt8] {
        var bytes = message
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0...5, using: &random) {
            case 0 where place < bytes.count:
                bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            case 1 where place < bytes.count: bytes[place] = .random(in: 0...255, using: &random)
            case 2 where place < bytes.count: bytes.remove(at: place)
            case 3: bytes.insert(.random(in: 0...255, using: &random), at: place)
            case 4: bytes.removeSubrange(place...)
            default:
                let end = min(bytes.count, place + Int.random(in: 0...8, using: &random))
                bytes.insert(contentsOf: bytes[place..<end], at: place)
            }
        }
        return bytes
    }

    private mutating func chance(_ one: Int) -> Bool {
        Int.random(in: 0..<one, using: &random) == 0
    }

    private mutating func field(_ field: FieldType, _ depth: Int) -> [UInt8] {
        if chance(40) { return unknown(depth: 2, number: field.number) }
        if let entry = schema.entry(of: field) {
            var bytes: [UInt8] = []
            if !chance(8) { bytes += self.field(entry.key, depth - 1) }
            if !chance(8) { bytes += self.field(entry.value, depth - 1) }
            return tag(field.number, 2) + part(bytes)
        }
        let isList = field.cardinality == .repeated
        let count = isList ? Int.random(in: 0...3, using: &random) : 1
        let values = (0..<count).map { _ in value(field, depth) }
        let wireType = wireType(field.kind)
        if isList, wireType != 2, wireType != 3, chance(2) {
            return tag(field.number, 2) + part(values.flatMap { $0 })
        }
        return values.flatMap { value in
            tag(field.number, wireType) + value
                + (wireType == 3 ? tag(field.number, 4) : [])
        }
    }

    private mutating func value(_ field: FieldType, _ depth: Int) -> [UInt8] {
        if let type = schema.message(of: field) {
            let bytes = message(type, depth: depth - 1)
            return field.kind == .group ? bytes : part(bytes)
        }
        switch wireType(field.kind) {
        case 1: return littleEndian(number(), 8)
        case 5: return littleEndian(number(), 4)
        case 2:
            return part(
                field.kind == .string
                    ? text() : (0..<5).map { _ in UInt8.random(in: 0...255, using: &random) }
            )
        default:
            if let type = schema.enumeration(of: field), !chance(5),
                let value = type.values.randomElement(using: &random)
            {
                return varint(UInt64(truncatingIfNeeded: value.number))
            }
            return varint(number())
        }
    }

    private mutating func text() -> [UInt8] {
        let texts: [[UInt8]] = [
            [], Array("hoge".utf8), Array("größer €".utf8), Array("gro\u{308}ßer €".utf8), [0],
            [0xC0, 0x80],
            [0xED, 0xA0, 0x80], [0xFF],
        ]
        return chance(8) ? texts.randomElement(using: &random) ?? [] : texts[chance(2) ? 1 : 2]
    }

    private mutating func number() -> UInt64 {
        switch Int.random(in: 0...4, using: &random) {
        case 0: 0
        case 1: UInt64.random(in: 0...3, using: &random)
        case 2: 1 << UInt64.random(in: 0...63, using: &random)
        case 3: UInt64(bitPattern: .random(in: -5...5, using: &random))
        default: random.next()
        }
    }

    private mutating func unknown(depth: Int, number: Int32? = nil) -> [UInt8] {
        let strangers: [Int32] = [7000, 1, 1500, 536_870_911]
        let number = number ?? strangers.randomElement(using: &random) ?? 7000
        switch Int.random(in: 0...(depth > 0 ? 4 : 3), using: &random) {
        case 0: return tag(number, 0) + varint(self.number())
        case 1: return tag(number, 1) + littleEndian(self.number(), 8)
        case 2: return tag(number, 2) + part(text())
        case 3: return tag(number, 5) + littleEndian(self.number(), 4)
        default: return tag(number, 3) + unknown(depth: depth - 1) + tag(number, 4)
        }
    }

    private func wireType(_ kind: FieldDescriptor.Kind) -> UInt64 {
        switch kind {
        case .double, .fixed64, .sfixed64: 1
        case .float, .fixed32, .sfixed32: 5
        case .string, .bytes, .message: 2
        case .group: 3
        default: 0
        }
    }

    private func tag(_ number: Int32, _ wireType: UInt64) -> [UInt8] {
        varint(UInt64(number) << 3 | wireType)
    }

    private func part(_ bytes: [UInt8]) -> [UInt8] { varint(UInt64(bytes.count)) + bytes }

    private func littleEndian(_ number: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt64($0 * 8)) }
    }

    private func varint(_ number: UInt64) -> [UInt8] {
        var (bytes, rest): ([UInt8], UInt64) = ([], number)
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
