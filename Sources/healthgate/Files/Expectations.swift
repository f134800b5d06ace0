import Probes
import YAML

extension YAMLValue where Value == ProbeTarget.HTTPExpectation {
    static var httpExpectation: YAMLValue {
        .section { section in
            ProbeTarget.HTTPExpectation(
                statuses: section.optional(
                    "status",
                    .oneOrMore(of: .statusRange),
                    default: [200...299]
                ),
                bodyContains: section.optional("body", .name),
                headers: section.optional("headers", .entries(of: .string), default: [])
                    .compactMap { entry in header(entry, section.report) }
            )
        }
    }

    private static func header(
        _ entry: YAMLNamed<String>,
        _ report: YAMLReport
    ) -> ProbeTarget.Header? {
        let name = entry.name.lowercased()
        let isToken = name.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
        guard isToken, !name.isEmpty else {
            report.error("\(quoted(entry.name)) is no name of a header", at: entry.place)
            return nil
        }
        return ProbeTarget.Header(name: name, value: entry.value)
    }
}

extension YAMLValue where Value == ClosedRange<Int> {
    /// `200` or `200-299`.
    fileprivate static var statusRange: YAMLValue {
        YAMLValue<String>.word.map { text throws(YAMLMismatch) in
            let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map { part in
                part.count == 3 && part.allSatisfy(\.isASCII) ? Int(part) : nil
            }
            guard (1...2).contains(bounds.count), let first = bounds[0],
                let last = bounds[bounds.count - 1], (100...599).contains(first), last <= 599,
                first <= last
            else { throw YAMLMismatch("\(quoted(text)) is no status such as 200 or 200-299") }
            return first...last
        }
    }
}

extension YAMLValue where Value == [UInt8] {
    /// Text, or `{ hex: "0a 0b" }`.
    static var bytes: YAMLValue {
        let hex = YAMLValue.section { section in
            section.required("hex", YAMLValue<String>.word.map(bytes(ofHex:)))
        }
        return YAMLValue { node, report in
            if case .mapping = node.content { return hex.read(node, report) }
            return YAMLValue<String>.name.read(node, report).map { Array($0.utf8) }
        }
    }

    private static func bytes(ofHex text: String) throws(YAMLMismatch) -> [UInt8] {
        let digits = text.filter { $0 != " " }.map { $0.isASCII ? $0.hexDigitValue : nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count - 1, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { break }
            bytes.append(UInt8(high << 4 | low))
        }
        guard !bytes.isEmpty, bytes.count * 2 == digits.count else {
            throw YAMLMismatch("\(quoted(text)) is no row of bytes such as \"0a 1b\"")
        }
        return bytes
    }
}
