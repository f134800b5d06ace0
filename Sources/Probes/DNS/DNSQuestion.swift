import Glibc
import Loop

/// What a name server is asked, and which answer is expected of it.
package struct DNSQuestion: Hashable, Sendable {
    package var asked: Asked
    /// Each of them must be in the answer; none: any answer will do.
    package var expected: [String]

    package init(_ name: DNSName, _ type: RecordType = .a, expected: [String] = []) {
        asked = Asked(name: name, type: type.number)
        self.expected = expected
    }

    package struct Asked: Hashable, Sendable {
        package let name: DNSName
        package let type: UInt16

        init(name: DNSName, type: UInt16) {
            self.name = name
            self.type = type
        }
    }

    /// By the names that RFC 1035 and zone files have for them.
    package enum RecordType: String, CaseIterable, Hashable, Sendable {
        case a = "A"
        case aaaa = "AAAA"
        case cname = "CNAME"
        case mx = "MX"
        case ns = "NS"
        case ptr = "PTR"
        case soa = "SOA"
        case srv = "SRV"
        case txt = "TXT"

        package init?(number: UInt16) {
            guard let type = RecordType.allCases.first(where: { $0.number == number }) else {
                return nil
            }
            self = type
        }

        var number: UInt16 {
            switch self {
            case .a: 1
            case .ns: 2
            case .cname: 5
            case .soa: 6
            case .ptr: 12
            case .mx: 15
            case .txt: 16
            case .aaaa: 28
            case .srv: 33
            }
        }
    }

    package var type: RecordType { RecordType(number: asked.type) ?? .a }

    /// The question as a message, with the wish that the server asks others for what it does not know.
    package func message(id: UInt16) -> [UInt8] {
        let header: [UInt16] = [id, 0x0100, 1, 0, 0, 0]
        return (header.flatMap(bytes) + asked.name.bytes) + bytes(asked.type) + bytes(1)
    }

    private func bytes(_ word: UInt16) -> [UInt8] {
        [UInt8(word >> 8), UInt8(word & 0xff)]
    }

    /// The text of an address as it is compared with others: `::1` has many.
    package static func canonical(_ address: String) -> String? {
        SocketAddress(ip: address, port: 0)?.ip
    }
}

/// An address of 4 or 16 bytes in numbers; nil for any other.
func ipText(_ bytes: [UInt8]) -> String? {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    guard bytes.count == 4 || bytes.count == 16,
        inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil
    else { return nil }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
