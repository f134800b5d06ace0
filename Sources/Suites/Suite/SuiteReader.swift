import YAML

/// Reads a suite in the light of its schema; all that is wrong goes to the report.
struct SuiteReader {
    private let schema: Schema
    private var variables: Variables
    private let report: YAMLReport

    init(_ schema: Schema, _ variables: Variables, _ report: YAMLReport) {
        self.schema = schema
        self.variables = variables
        self.report = report
    }

    func suite(_ head: SuiteHead) -> Suite? {
        guard let service = service(head) else { return nil }
        var reader = self
        return YAMLValue<Suite>.section { section in
            for key in [
                "testName", "proto", "descriptors", "reflection", "importPaths", "serviceName",
            ] {
                _ = section.node(key)
            }
            return reader.suite(head, service, section)
        }.read(head.section, report)
    }

    private func service(_ head: SuiteHead) -> ServiceType? {
        if let service = schema.service(named: head.service) { return service }
        // Without its package, where one service is called so.
        let short = schema.services.filter { $0.fullName.hasSuffix("." + head.service) }
        if short.count == 1 { return short[0] }
        guard short.isEmpty else {
            let names = short.map(\.fullName).joined(separator: ", ")
            report.error("\(quoted(head.service)) may be \(names)", at: head.servicePlace)
            return nil
        }
        let names = schema.services.flatMap { service in
            [service.fullName, service.fullName.split(separator: ".").last.map(String.init) ?? ""]
        }
        let hint = suggestion(for: head.service, among: Array(Set(names)))
        report.error("there is no service \(quoted(head.service))\(hint)", at: head.servicePlace)
        return nil
    }

    private mutating func suite(
        _ head: SuiteHead,
        _ service: ServiceType,
        _ section: YAMLSection
    ) -> Suite? {
        let tags = Set(section.optional("tags", .oneOrMore(of: .name), default: []))
        let timeout = section.optional("timeout", .duration(.milliseconds(1) ... .seconds(3600)))
        let contract = section.optional("contract", .contract)
        let authority = section.optional("authority", .name)
        if let node = section.node("vars") { readVariables(node) }
        var common = CaseCommon(service: service, tags: tags)
        if let timeout { common.timeout = timeout }
        if let node = section.node("metadata") { common.metadata = entries(node) }
        let setup = cases(section, "setup", common)
        guard section.node("cases") != nil else {
            report.error("the key cases is missing", at: section.place)
            return nil
        }
        let cases = cases(section, "cases", common)
        let teardown = self.cases(section, "teardown", common)
        return Suite(
            name: head.name,
            place: head.place,
            schema: schema,
            service: service,
            authority: authority,
            setup: plan(setup, contract),
            cases: plan(cases, contract),
            teardown: plan(teardown, contract),
            variables: variables,
            contract: contract
        )
    }

    /// Finds what is wrong with them, each in the light of what those before it capture.
    private mutating func plan(_ cases: [Case], _ contract: Contract?) -> [Case] {
        for test in cases {
            _ = CasePlanner(schema: schema, contract: contract, report: report).plan(
                test,
                variables
            )
            for capture in test.captures { variables.await(capture.variable) }
        }
        return cases
    }

    private mutating func readVariables(_ node: YAMLNode) {
        guard case .mapping(let entries) = node.content else {
            report.error("expected a mapping of names to values", at: node.place)
            return
        }
        for entry in entries {
            guard isName(entry.name) else {
                report.error("\(quoted(entry.name)) is no name for a variable", at: entry.key.place)
                continue
            }
            variables.set(entry.name, variables.resolve(entry.value, report))
        }
    }

    private func entries(_ node: YAMLNode) -> [YAMLEntry] {
        if case .mapping(let entries) = node.content { return entries }
        report.error("expected a mapping of names to values", at: node.place)
        return []
    }

    private func cases(_ section: YAMLSection, _ key: String, _ common: CaseCommon) -> [Case] {
        guard let node = section.node(key) else { return [] }
        guard case .sequence(let nodes) = node.content else {
            report.error("expected a list of cases", at: node.place)
            return []
        }
        let reader = CaseReader(schema, common, report)
        var seen: [String: YAMLPlace] = [:]
        return nodes.flatMap { node -> [Case] in
            let cases = reader.cases(node)
            if let first = cases.first {
                let name = first.name.split(separator: " [").first.map(String.init) ?? first.name
                if let other = seen.updateValue(node.place, forKey: name) {
                    report.error(
                        "\(quoted(name)) is also the name of the case at line \(other.line)",
                        at: node.place
                    )
                }
            }
            return cases
        }
    }
}

/// What all cases of a suite share.
struct CaseCommon {
    let service: ServiceType
    let tags: Set<String>
    var timeout = Duration.seconds(10)
    var metadata: [YAMLEntry] = []
}

/// A name that `${…}` can hold beside `env:` and `file:`.
func isName(_ text: String) -> Bool {
    !text.isEmpty
        && text.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte)
                || (0x41...0x5a).contains(byte)
                || (0x61...0x7a).contains(byte)
        }
}

extension YAMLValue where Value == Contract {
    static var contract: YAMLValue {
        YAMLValue { node, report in
            YAMLValue<Contract>.section { section in
                let field = section.required("field", .name)
                let allowed = section.required("allow", .oneOrMore(of: .word))
                let exempt = section.optional("without", .oneOrMore(of: .name), default: [])
                guard let field, let allowed else { return nil }
                return Contract(
                    field: field,
                    allowed: allowed,
                    exempt: Set(exempt),
                    place: node.place
                )
            }.read(node, report)
        }
    }
}
