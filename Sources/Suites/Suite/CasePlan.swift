import YAML

/// A case with all variables known: what to send, and what must come.
struct CasePlan: Sendable {
    enum Step: Sendable {
        case send([UInt8])
        case expect(Expected, within: Duration?)
        case until(Int)
        case close
        case cancel
    }

    var metadata = CallMetadata()
    var steps: [(step: Step, place: YAMLPlace)] = []
    /// Nil: not tested, or by the steps.
    var responses: [Expected]?
    /// The place of `responses`.
    var responsesPlace: YAMLPlace
    /// Nil: OK.
    var error: StatusExpectation?
    var headers: [MetadataExpectation] = []
    var trailers: [MetadataExpectation] = []

    var isScript: Bool {
        steps.contains {
            switch $0.step {
            case .expect, .until, .cancel: true
            default: false
            }
        }
    }

    var cancels: Bool {
        steps.contains { if case .cancel = $0.step { true } else { false } }
    }
}

/// Makes plans of cases: once when the suite is read, to find what is wrong before any call, and again
/// before the call, when what earlier cases captured is known.
struct CasePlanner {
    let schema: Schema
    let contract: Contract?
    let report: YAMLReport

    func plan(_ test: Case, _ variables: Variables) -> CasePlan? {
        let before = report.errors.count
        let all = variables.adding(test.row, report)
        let detail = test.detail
        var plan = CasePlan(responsesPlace: detail.responses?.first?.place ?? detail.place)
        plan.metadata = metadata(detail.metadata, all)
        let input = schema[test.method.input]
        let output = schema[test.method.output]
        if let script = detail.script {
            plan.steps = steps(script, test, input, output, all)
        } else {
            plan.steps = requests(detail, test, input, all)
        }
        if let nodes = detail.responses {
            let builder = ExpectationBuilder(schema, report)
            plan.responses = nodes.compactMap {
                builder.build(all.resolve($0, report), as: .message(output))
            }
        }
        if let node = detail.error {
            plan.error = StatusExpectation.read(all.resolve(node, report), schema, report)
        }
        if let node = detail.headers {
            plan.headers = MetadataExpectation.read(all.resolve(node, report), report) ?? []
        }
        if let node = detail.trailers {
            plan.trailers = MetadataExpectation.read(all.resolve(node, report), report) ?? []
        }
        return report.errors.count == before ? plan : nil
    }

    private func requests(
        _ detail: CaseDetail,
        _ test: Case,
        _ input: MessageType,
        _ variables: Variables
    ) -> [(step: CasePlan.Step, place: YAMLPlace)] {
        var steps: [(step: CasePlan.Step, place: YAMLPlace)] = []
        if let nodes = detail.requests {
            for node in nodes {
                guard let bytes = request(node, test, input, variables) else { continue }
                steps.append((.send(bytes), node.place))
            }
        } else if !test.method.kind.streamsRequests {
            let empty = YAMLNode(.mapping([]), place: detail.place)
            if let bytes = request(empty, test, input, variables) {
                steps.append((.send(bytes), detail.place))
            }
        }
        steps.append((.close, detail.place))
        return steps
    }

    private func steps(
        _ script: [ScriptStep],
        _ test: Case,
        _ input: MessageType,
        _ output: MessageType,
        _ variables: Variables
    ) -> [(step: CasePlan.Step, place: YAMLPlace)] {
        let builder = ExpectationBuilder(schema, report)
        return script.compactMap { step in
            switch step.action {
            case .send(let node):
                return request(node, test, input, variables).map { (.send($0), step.place) }
            case .expect(let node, let within):
                return builder.build(variables.resolve(node, report), as: .message(output))
                    .map { (.expect($0, within: within), step.place) }
            case .until(let count): return (.until(count), step.place)
            case .close: return (.close, step.place)
            case .cancel: return (.cancel, step.place)
            }
        }
    }

    private func request(
        _ node: YAMLNode,
        _ test: Case,
        _ input: MessageType,
        _ variables: Variables
    ) -> [UInt8]? {
        let resolved = variables.resolve(node, report)
        let checker = TypeChecker(schema, report: report, tags: [Variables.awaitedTag])
        guard let typed = checker.check(resolved, as: .message(input)),
            case .message(let message)? = typed.dynamicValue(in: schema)
        else { return nil }
        let isKnown = !resolved.hasAwaited
        if isKnown, let missing = message.missingRequired.first {
            report.error("the required field \(missing) is missing", at: node.place)
            return nil
        }
        if isKnown, let refusal = contract?.refusal(of: message, test.method) {
            report.error(refusal, at: node.place)
            return nil
        }
        return message.encoded()
    }

    private func metadata(_ entries: [YAMLEntry], _ variables: Variables) -> CallMetadata {
        var metadata = CallMetadata()
        for entry in entries {
            let node = variables.resolve(entry.value, report)
            let nodes = if case .sequence(let items) = node.content { items } else { [node] }
            for node in nodes where !node.hasAwaited {
                add(entry.name, node, to: &metadata)
            }
        }
        return metadata
    }

    private func add(_ name: String, _ node: YAMLNode, to metadata: inout CallMetadata) {
        do throws(CallMetadata.Fault) {
            if name.hasSuffix("-bin") {
                guard let bytes = MetadataBytes.read(node, report) else { return }
                try metadata.add(name, bytes: bytes)
            } else if let text = YAMLValue<String>.word.read(node, report) {
                try metadata.add(name, text)
            }
        } catch {
            report.error(error.description, at: node.place)
        }
    }
}

extension Case {
    /// What of it cannot be said, since no case before has captured it; nil: all is known.
    func awaited(_ variables: Variables) -> String? {
        let report = YAMLReport()
        let all = variables.adding(row, report)
        return detail.nodes.lazy.compactMap { all.resolve($0, report).awaited }.first
    }
}

extension CaseDetail {
    /// Everything that may refer to variables.
    fileprivate var nodes: [YAMLNode] {
        let steps = (script ?? []).compactMap { step in
            switch step.action {
            case .send(let node), .expect(let node, _): node
            default: nil
            }
        }
        return metadata.map(\.value) + (requests ?? []) + (responses ?? []) + steps
            + [error, headers, trailers].compactMap { $0 }
    }
}

extension YAMLNode {
    /// Whether something in it is known only after another case.
    var hasAwaited: Bool { awaited != nil }

    /// The text that refers to what is known only after another case.
    var awaited: String? {
        switch content {
        case .scalar(let scalar): tag == Variables.awaitedTag ? scalar.text : nil
        case .sequence(let items): items.lazy.compactMap(\.awaited).first
        case .mapping(let entries): entries.lazy.compactMap(\.value.awaited).first
        }
    }
}

extension MethodType.Kind {
    package var streamsRequests: Bool { self == .clientStreaming || self == .bidirectional }
    package var streamsAnswers: Bool { self == .serverStreaming || self == .bidirectional }
}
