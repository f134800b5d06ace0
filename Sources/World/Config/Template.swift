/// A text with values to replace. Each must be there: a file that changed under us must fail at
/// once, not start a world on someone else's ports.
package struct Template: Sendable {
    private var text: String

    package init(_ text: String) { self.text = text }

    package init(file path: String) throws(WorldError) {
        guard let text = SmallFiles.read(path) else { throw WorldError("cannot read \(path)") }
        self.text = text
    }

    /// Replaces every place where `old` stands.
    package mutating func replace(_ old: String, by new: String) throws(WorldError) {
        let replaced = Self.replacing(old, by: new, in: text)
        guard let replaced else { throw WorldError("the template has no \"\(old)\" to replace") }
        text = replaced
    }

    /// Replaces many at once, so that what one put in is not found by the next.
    package mutating func replace(all pairs: [(old: String, new: String)]) throws(WorldError) {
        for (index, pair) in pairs.enumerated() {
            try replace(pair.old, by: "\u{1}\(index)\u{2}")
        }
        for (index, pair) in pairs.enumerated() {
            try replace("\u{1}\(index)\u{2}", by: pair.new)
        }
    }

    package func write(to path: String) throws(WorldError) {
        try SmallFiles.write(text, to: path)
    }

    package var rendered: String { text }

    private static func replacing(_ old: String, by new: String, in text: String) -> String? {
        let (old, new, bytes) = (Array(old.utf8), Array(new.utf8), Array(text.utf8))
        guard !old.isEmpty else { return nil }
        var out: [UInt8] = []
        var (position, found) = (0, false)
        while position < bytes.count {
            if bytes[position] == old[0], bytes[position...].starts(with: old) {
                out.append(contentsOf: new)
                position += old.count
                found = true
            } else {
                out.append(bytes[position])
                position += 1
            }
        }
        return found ? String(decoding: out, as: UTF8.self) : nil
    }
}
