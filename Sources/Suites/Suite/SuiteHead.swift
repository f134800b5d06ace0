import YAML

/// What a suite says before its types are known.
struct SuiteHead {
    enum Source {
        case protos([String])
        case descriptors(String)
        case reflection
    }

    let name: String
    let place: YAMLPlace
    let source: Source
    let schemaPlace: YAMLPlace
    let importPaths: [String]
    let service: String
    let servicePlace: YAMLPlace
    /// The rest, for when the types are known.
    let section: YAMLNode

    private static let keys = ["proto", "descriptors", "reflection"]

    static var value: YAMLValue<SuiteHead> {
        YAMLValue { node, report in
            var head: SuiteHead?
            let value = YAMLValue<Bool>.section { section in
                // Which other keys are right is told when the whole is read.
                section.ignoreRest()
                head = read(section, node)
                return true
            }
            _ = value.read(node, report)
            return head
        }
    }

    private static func read(_ section: YAMLSection, _ node: YAMLNode) -> SuiteHead? {
        let name = section.required("testName", .name)
        let service = section.required("serviceName", .name)
        let protos = section.optional("proto", .oneOrMore(of: .name))
        let descriptors = section.optional("descriptors", .name)
        let reflection = section.optional("reflection", .bool, default: false)
        let importPaths = section.optional("importPaths", .oneOrMore(of: .name), default: [])
        let written = keys.filter { section.node($0) != nil }
        guard written.count == 1, let key = written.first else {
            section.report.error(
                written.isEmpty
                    ? "the key proto is missing (or descriptors, or reflection)"
                    : "only one of \(written.joined(separator: ", ")) can say where the types are",
                at: section.place
            )
            return nil
        }
        let source: Source? =
            if let protos {
                .protos(protos)
            } else if let descriptors {
                .descriptors(descriptors)
            } else {
                reflection ? .reflection : nil
            }
        if key == "reflection", source == nil {
            section.report.error(
                "without reflection nothing says where the types are",
                at: section.place(of: key)
            )
        }
        guard let name, let service, let source else { return nil }
        return SuiteHead(
            name: name,
            place: node.place,
            source: source,
            schemaPlace: section.place(of: key),
            importPaths: importPaths,
            service: service,
            servicePlace: section.place(of: "serviceName"),
            section: node
        )
    }
}
