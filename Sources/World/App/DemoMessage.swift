/// The one message of `demo.App`, as request and as answer; its fields in protobuf's wire format.
///
/// Call: `id`, `text` in; the same back, with who answered. Stream: `count` and `everyMs` in; then
/// `count` answers, numbered by `index` from 0. HealthChecks: `count` is how many health checks have
/// reached the app.
package struct DemoMessage: Hashable, Sendable {
    package var id: UInt64 = 0
    package var text = ""
    package var app = ""
    package var host = ""
    package var version = ""
    package var count: UInt64 = 0
    package var everyMs: UInt64 = 0
    package var index: UInt64 = 0

    package static let call = "/demo.App/Call"
    package static let stream = "/demo.App/Stream"
    package static let healthChecks = "/demo.App/HealthChecks"

    package init(id: UInt64 = 0, text: String = "") {
        self.id = id
        self.text = text
    }

    package var bytes: [UInt8] {
        var out: [UInt8] = []
        out.appendField(1, id)
        out.appendField(2, text)
        out.appendField(3, app)
        out.appendField(4, host)
        out.appendField(5, version)
        out.appendField(6, count)
        out.appendField(7, everyMs)
        out.appendField(8, index)
        return out
    }

    /// Nil when the bytes are not a message; unknown fields are skipped, as protobuf asks.
    package init?(_ bytes: [UInt8]) {
        var reader = FieldReader(bytes: bytes)
        while !reader.isAtEnd {
            guard let (number, value) = reader.next() else { return nil }
            switch (number, value) {
            case (1, .varint(let id)): self.id = id
            case (2, .bytes(let text)): self.text = text
            case (3, .bytes(let app)): self.app = app
            case (4, .bytes(let host)): self.host = host
            case (5, .bytes(let version)): self.version = version
            case (6, .varint(let count)): self.count = count
            case (7, .varint(let every)): everyMs = every
            case (8, .varint(let index)): self.index = index
            default: continue
            }
        }
    }
}

extension [UInt8] {
    fileprivate mutating func appendVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    fileprivate mutating func appendField(_ number: UInt64, _ value: UInt64) {
        guard value != 0 else { return }
        appendVarint(number << 3)
        appendVarint(value)
    }

    fileprivate mutating func appendField(_ number: UInt64, _ value: String) {
        guard !value.isEmpty else { return }
        appendVarint(number << 3 | 2)
        appendVarint(UInt64(value.utf8.count))
        append(contentsOf: value.utf8)
    }
}

private struct FieldReader {
    enum Value { case varint(UInt64), bytes(String), fixed }

    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position >= bytes.count }

    mutating func next() -> (UInt64, Value)? {
        guard let key = varint() else { return nil }
        switch key & 7 {
        case 0: return varint().map { (key >> 3, .varint($0)) }
        case 1: return skip(8) ? (key >> 3, .fixed) : nil
        case 5: return skip(4) ? (key >> 3, .fixed) : nil
        case 2:
            guard let length = varint(), length <= UInt64(bytes.count - position) else {
                return nil
            }
            let end = position + Int(length)
            defer { position = end }
            return (key >> 3, .bytes(String(decoding: bytes[position..<end], as: UTF8.self)))
        default: return nil
        }
    }

    private mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard position < bytes.count else { return nil }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }

    private mutating func skip(_ count: Int) -> Bool {
        guard bytes.count - position >= count else { return false }
        position += count
        return true
    }
}
