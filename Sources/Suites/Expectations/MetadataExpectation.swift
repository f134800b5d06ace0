import GRPC
import HTTP
import YAML

/// What one entry of the metadata that comes back must be.
struct MetadataExpectation: Sendable {
    let name: String
    /// Each must be one of the values.
    let values: [TextExpectation]
    let place: YAMLPlace

    static func read(_ node: YAMLNode, _ report: YAMLReport) -> [MetadataExpectation]? {
        YAMLValue<[YAMLNamed<[TextExpectation]>]>.entries(
            of: YAMLValue<[TextExpectation]> { node, report in
                if case .sequence(let nodes) = node.content {
                    return nodes.compactMap { TextExpectation.read($0, report) }
                }
                return TextExpectation.read(node, report).map { [$0] }
            }
        ).read(node, report).map { entries in
            entries.map { entry in
                if entry.name != entry.name.lowercased() {
                    report.error("metadata has names in lower case only", at: entry.place)
                }
                return MetadataExpectation(
                    name: entry.name,
                    values: entry.value,
                    place: entry.place
                )
            }
        }
    }

    func differences(_ headers: HTTPHeaders, _ part: String) -> [Difference] {
        let found = headers.values(name).map { value in
            // As base64 with its padding, however it came.
            guard name.hasSuffix("-bin"), let bytes = Base64.decode(value) else { return value }
            return Base64.encode(bytes, isPadded: true)
        }
        return values.compactMap { value in
            let holds = found.isEmpty ? value.holds(nil) : found.contains { value.holds($0) }
            guard !holds else { return nil }
            let got = found.map(MessageText.quotedText).joined(separator: ", ")
            return Difference(
                "\(part).\(name)",
                expected: value.words,
                got: found.isEmpty ? "absent" : got,
                at: place
            )
        }
    }
}
