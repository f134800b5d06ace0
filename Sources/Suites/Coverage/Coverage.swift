import GRPC
package import YAML

/// What of the services the suites reach: by what they call and what they test, not by a run.
package struct Coverage: Sendable {
    package struct Method: Sendable {
        package let service: String
        package let name: String
        package let cases: Int
        /// Paths of fields of the answer: all, and those that some case tests.
        package let fields: [String]
        package let testedFields: Set<String>
        /// Values of enums in the answer, as `path=NAME`.
        package let enumValues: [String]
        package let testedEnumValues: Set<String>
        /// Codes that some case expects, beside OK.
        package let errors: Set<String>
        package let waiver: Waiver?

        package var isCovered: Bool { cases > 0 }
        package var path: String { "\(service)/\(name)" }
    }

    package let methods: [Method]

    package init(_ suites: [Suite], waivers: [Waiver] = []) {
        var services: [(ServiceType, [Suite])] = []
        for suite in suites {
            let name = suite.service.fullName
            if let index = services.firstIndex(where: { $0.0.fullName == name }) {
                services[index].1.append(suite)
            } else {
                services.append((suite.service, [suite]))
            }
        }
        methods = services.flatMap { service, suites in
            service.methods.map { method in
                Self.method(method, of: service, suites, waivers)
            }
        }
    }

    /// The share of methods that a case calls, 0 to 1; a waived one counts for neither side.
    package var share: Double {
        let counted = methods.filter { $0.isCovered || $0.waiver == nil }
        return counted.isEmpty
            ? 1 : Double(counted.count(where: \.isCovered)) / Double(counted.count)
    }

    private static func method(
        _ method: MethodType,
        of service: ServiceType,
        _ suites: [Suite],
        _ waivers: [Waiver]
    ) -> Method {
        var tested = TestedParts()
        var cases = 0
        var all = AnswerParts()
        for suite in suites {
            if all.fields.isEmpty { all = AnswerParts(suite.schema[method.output], suite.schema) }
            for test in suite.all where test.method.path == method.path {
                cases += 1
                // What is wrong was told when the suites were read.
                let planner = CasePlanner(schema: suite.schema, contract: nil, report: YAMLReport())
                var variables = suite.variables
                for other in suite.all {
                    for capture in other.captures { variables.await(capture.variable) }
                }
                if let plan = planner.plan(test, variables) { tested.add(plan, suite.schema) }
            }
        }
        return Method(
            service: service.fullName,
            name: method.name,
            cases: cases,
            fields: all.fields,
            testedFields: tested.fields,
            enumValues: all.enumValues,
            testedEnumValues: tested.enumValues,
            errors: tested.errors,
            waiver: waivers.first { $0.covers(service.fullName, method.name) }
        )
    }
}

/// The fields of an answer and of what is in it, and the values of its enums.
private struct AnswerParts {
    var fields: [String] = []
    var enumValues: [String] = []
    private static let most = 10_000

    init() {}

    init(_ type: MessageType, _ schema: Schema) { add(type, schema, "", []) }

    /// `seen`: a type in itself is not gone into again.
    private mutating func add(
        _ type: MessageType,
        _ schema: Schema,
        _ path: String,
        _ seen: Set<String>
    ) {
        guard seen.count < 8, !seen.contains(type.fullName), NaturalForm(type) == nil else {
            return
        }
        // Types that refer to each other have more paths than anybody tests.
        for field in type.fields where fields.count < Self.most {
            let name = path.isEmpty ? field.name : "\(path).\(field.name)"
            fields.append(name)
            let value = schema.entry(of: field)?.value ?? field
            if let enumeration = schema.enumeration(of: value) {
                enumValues += enumeration.values.map { "\(name)=\($0.name)" }
            }
            guard let inner = schema.message(of: value) else { continue }
            add(inner, schema, name, seen.union([type.fullName]))
        }
    }
}

/// The fields, values of enums and codes of errors that cases test.
private struct TestedParts {
    var fields: Set<String> = []
    var enumValues: Set<String> = []
    var errors: Set<String> = []

    mutating func add(_ plan: CasePlan, _ schema: Schema) {
        for response in plan.responses ?? [] { add(response, "", schema) }
        for step in plan.steps {
            if case .expect(let expected, _) = step.step { add(expected, "", schema) }
        }
        if let error = plan.error { errors.insert(error.code.map { "\($0)" } ?? "any error") }
    }

    private mutating func add(_ expected: Expected, _ path: String, _ schema: Schema) {
        switch expected.expectation {
        case .any: return
        case .message(_, let written):
            for field in written {
                let name = path.isEmpty ? field.field.name : "\(path).\(field.field.name)"
                if case .any = field.expected.expectation { continue }
                fields.insert(name)
                add(field.expected, name, schema)
            }
        case .list(let items), .unordered(let items), .all(let items), .either(let items):
            for item in items { add(item, path, schema) }
        case .map(let entries):
            for entry in entries { add(entry.expected, path, schema) }
        case .containsItem(let item): add(item, path, schema)
        case .value(.enumeration(let number)):
            let name = expected.slot.fieldType.flatMap { schema.enumeration(of: $0) }?.name(
                of: number
            )
            if let name { enumValues.insert("\(path)=\(name)") }
        default: return
        }
    }
}

/// Why a method has no case, who answers for that, and until when.
package struct Waiver: Hashable, Sendable {
    /// `Method`, or `package.Service/Method`.
    package let method: String
    package let owner: String
    package let reason: String
    /// `YYYY-MM-DD`, the last day on which it holds.
    package let until: String

    func covers(_ service: String, _ name: String) -> Bool {
        method == name || method == "\(service)/\(name)"
    }

    /// A list of `{method, owner, reason, until}`. One that has run out is told, and does not count.
    package static func read(_ root: YAMLNode, today: String) throws(YAMLError) -> [Waiver] {
        let report = YAMLReport()
        let value = YAMLValue<[Waiver]>.list(
            of: .section { section in
                let method = section.required("method", .name)
                let owner = section.required("owner", .name)
                let reason = section.required("reason", .name)
                let until = section.required("until", .name)
                guard let method, let owner, let reason, let until else { return nil }
                guard isDay(until) else {
                    section.report.error(
                        "\(quoted(until)) is no day such as 2027-01-31",
                        at: section.place(of: "until")
                    )
                    return nil
                }
                return Waiver(method: method, owner: owner, reason: reason, until: until)
            }
        )
        guard let all = report.read(root, as: value) else { throw YAMLError(report.errors) }
        return all.filter { $0.until >= today }
    }

    private static func isDay(_ text: String) -> Bool {
        TimeText.timestamp("\(text)T00:00:00Z") != nil
    }
}
