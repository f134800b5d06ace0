import GRPC
import YAML

/// Bytes of metadata: base64, or pairs of digits behind `!hex`.
enum MetadataBytes {
    static func read(_ node: YAMLNode, _ report: YAMLReport) -> [UInt8]? {
        let isHex = node.tag == "!hex"
        guard let text = YAMLValue<String>.word.read(node.tagged(isHex ? nil : node.tag), report)
        else { return nil }
        if let bytes = isHex ? hex(text) : Base64.decode(text) { return bytes }
        report.error(
            "\(quoted(text)) is no \(isHex ? "pairs of hexadecimal digits" : "base64")",
            at: node.place
        )
        return nil
    }

    private static func hex(_ text: String) -> [UInt8]? {
        let digits = text.filter { $0 != " " }.map(\.hexDigitValue)
        guard digits.count.isMultiple(of: 2), digits.allSatisfy({ $0 != nil }) else { return nil }
        let values = digits.compactMap { $0 }
        return stride(from: 0, to: values.count, by: 2).map {
            UInt8(values[$0] << 4 | values[$0 + 1])
        }
    }
}
