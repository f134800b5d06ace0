import TestSupport

/// A frame of HTTP/2 as it is written, right or wrong.
struct Frame {
    var type: UInt8
    var flags: UInt8 = 0
    var stream: UInt32 = 0
    var payload: [UInt8] = []
    /// What its head says, if that is not the length of the payload.
    var length: Int?

    init(_ type: UInt8, _ flags: UInt8 = 0, _ stream: UInt32 = 0, _ payload: [UInt8] = []) {
        self.type = type
        self.flags = flags
        self.stream = stream
        self.payload = payload
    }

    var bytes: [UInt8] {
        let length = length ?? payload.count
        let head = [16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + [type, flags]
        return head + number(stream) + payload
    }

    /// The frames that these bytes are, the last one as far as it goes.
    static func all(in bytes: [UInt8]) -> [Frame] {
        var rest = bytes[...]
        var frames: [Frame] = []
        while rest.count >= 9 {
            let head = Array(rest.prefix(9))
            let length = head[..<3].reduce(0) { $0 << 8 | Int($1) }
            let stream = head[5...].reduce(0) { $0 << 8 | UInt32($1) }
            rest = rest.dropFirst(9)
            var frame = Frame(head[3], head[4], stream, Array(rest.prefix(length)))
            if frame.payload.count < length { frame.length = length }
            frames.append(frame)
            rest = rest.dropFirst(length)
        }
        return frames
    }
}

/// A number in four bytes, the highest first.
func number(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
}

/// Makes connections that are almost right out of ones that are, a frame at a time.
struct FrameMutator {
    private var random: SeededGenerator
    private let pool = HTTP2Seeds.all.flatMap(\.self)

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func mutated(_ input: [UInt8]) -> [UInt8] {
        var frames = Frame.all(in: input)
        for _ in 0..<Int.random(in: 1...4, using: &random) { change(&frames) }
        return frames.flatMap(\.bytes)
    }

    private mutating func change(_ frames: inout [Frame]) {
        let place = Int.random(in: 0...frames.count, using: &random)
        switch Int.random(in: 0..<12, using: &random) {
        case 0...3:
            if var frame = pool.randomElement(using: &random) {
                if Bool.random(using: &random) { frame.stream = stream() }
                frames.insert(frame, at: place)
            }
        case 4 where place < frames.count: frames.remove(at: place)
        case 5 where place < frames.count: frames.insert(frames[place], at: place)
        case 6 where place < frames.count: frames[place].stream = stream()
        case 7 where place < frames.count: frames[place].flags ^= 1 << UInt8(below(8))
        case 8 where place < frames.count: frames[place].type = UInt8(below(12))
        case 9 where place < frames.count: changePayload(&frames[place])
        case 10 where place < frames.count:
            frames[place].payload += number(value())
        case 11 where place < frames.count:
            frames[place].length =
                Bool.random(using: &random) ? below(40) : Int(value() & 0xFF_FFFF)
        default: break
        }
    }

    private mutating func changePayload(_ frame: inout Frame) {
        let place = below(frame.payload.count + 1)
        switch below(5) {
        case 0: frame.payload.insert(UInt8(below(256)), at: place)
        case 1 where place < frame.payload.count: frame.payload[place] ^= 1 << UInt8(below(8))
        case 2: frame.payload.removeSubrange(place...)
        case 3: frame.payload.insert(contentsOf: number(value()), at: place)
        default:
            guard frame.payload.count >= 4 else { return }
            let start = below(frame.payload.count - 3)
            frame.payload.replaceSubrange(start..<start + 4, with: number(value()))
        }
    }

    private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

    private mutating func stream() -> UInt32 {
        below(8) == 0 ? value() : UInt32(below(12))
    }

    private mutating func value() -> UInt32 {
        let edges: [UInt32] = [
            0, 1, 2, 4, 255, 4096, 16383, 16384, 16385, 65535, 65536, 1 << 24, 1 << 31 - 1, 1 << 31,
            .max,
        ]
        return edges.randomElement(using: &random) ?? 0
    }
}
