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
            { name, _ in
                YAMLValue<[TextExpectation]> { node, report in
                    let nodes =
                        if case .sequence(let nodes) = node.content { nodes } else { [node] }
                    return nodes.compactMap { value(name, $0, report) }
                }
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

    /// Bytes are compared as base64 with its padding, however they were written.
    private static func value(
        _ name: String,
        _ node: YAMLNode,
        _ report: YAMLReport
    ) -> TextExpectation? {
        guard name.hasSuffix("-bin"), node.tag == nil || node.tag == "!hex" else {
            return TextExpectation.read(node, report)
        }
        return MetadataBytes.read(node, report).map { .exactly(Base64.encode($0, isPadded: true)) }
    }

    func differences(_ headers: HTTPHeaders, _ part: String) -> [Difference] {
        let bytes = name.hasSuffix("-bin") ? headers.bytes(name) : nil
        let found =
            bytes?.map { Base64.encode($0, isPadded: true) } ?? Array(headers.values(name))
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
