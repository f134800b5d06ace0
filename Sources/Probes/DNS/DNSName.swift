/// A domain name (RFC 1035 section 3.1), without the root's empty label.
package struct DNSName: Hashable, Sendable, CustomStringConvertible {
    /// In lower case, for letters of both cases are the same to DNS.
    package let labels: [[UInt8]]

    private static let most = 255
    private static let mostOfLabel = 63

    /// Reads `a.example`, with or without the dot at the end; `.` is the root. Nil for what is no name.
    package init?(_ text: String) {
        guard text != "." else {
            labels = []
            return
        }
        let parts = (text.hasSuffix(".") ? text.dropLast() : text[...])
            .split(separator: ".", omittingEmptySubsequences: false)
            .map { part in part.utf8.map(lowercased) }
        let isPlain = parts.allSatisfy { part in
            (1...DNSName.mostOfLabel).contains(part.count)
                && part.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") }
        }
        guard isPlain, parts.reduce(1, { $0 + $1.count + 1 }) <= DNSName.most else { return nil }
        labels = parts
    }

    /// Labels that came in a message, with whatever is in them.
    fileprivate init(labels: [[UInt8]]) { self.labels = labels }

    /// As it is sent, without compression.
    var bytes: [UInt8] { labels.flatMap { [UInt8($0.count)] + $0 } + [0] }

    /// As in a zone file (RFC 1035 section 5.1).
    package var description: String {
        guard !labels.isEmpty else { return "." }
        return labels.map { label in
            label.map { byte in
                switch byte {
                case UInt8(ascii: "."), UInt8(ascii: "\\"): "\\" + String(Unicode.Scalar(byte))
                case 0x21...0x7e: String(Unicode.Scalar(byte))
                default: "\\" + String(String(1000 + Int(byte)).dropFirst())
                }
            }.joined()
        }.joined(separator: ".")
    }
}

extension DNSReader {
    /// Takes a name. A pointer leads to before the labels that it ends, so each is nearer to the
    /// beginning than the one before, and none can lead around in a circle (RFC 1035 section 4.1.4).
    mutating func name() throws(DNSMessage.Malformed) -> DNSName {
        var labels: [[UInt8]] = []
        var length = 1
        var place = at
        var limit = at
        var end: Int?
        while true {
            let count = Int(try byte(at: place))
            switch count >> 6 {
            case 0 where count == 0:
                at = end ?? place + 1
                return DNSName(labels: labels)
            case 0:
                length += count + 1
                guard length <= 255 else { throw DNSMessage.Malformed("a name is too long") }
                labels.append(try bytes(at: place + 1, count).map(lowercased))
                place += count + 1
            case 3:
                let target = (count & 0x3f) << 8 | Int(try byte(at: place + 1))
                guard target < limit else {
                    throw DNSMessage.Malformed("a name points at what is not before it")
                }
                end = end ?? place + 2
                place = target
                limit = target
            default: throw DNSMessage.Malformed("a name has a label of an unknown kind")
            }
        }
    }
}

private func lowercased(_ byte: UInt8) -> UInt8 {
    UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
}
