import YAML

/// Reads one case, which is several where it has a table.
struct CaseReader {
    private let schema: Schema
    private let common: CaseCommon
    private let report: YAMLReport

    init(_ schema: Schema, _ common: CaseCommon, _ report: YAMLReport) {
        self.schema = schema
        self.common = common
        self.report = report
    }

    func cases(_ node: YAMLNode) -> [Case] {
        YAMLValue<[Case]>.section { section in cases(section, node) }.read(node, report) ?? []
    }

    private func cases(_ section: YAMLSection, _ node: YAMLNode) -> [Case]? {
        let name = section.required("name", .name)
        let method = method(section)
        let tags = Set(section.optional("tags", .oneOrMore(of: .name), default: []))
        let timeout = section.optional("timeout", .duration(.milliseconds(1) ... .seconds(3600)))
        let eventually = section.optional("eventually", .eventually)
        let rows = section.node("each").map(rows) ?? [[:]]
        guard let detail = section.node("detail") else {
            // A method that takes nothing, and of which nothing but OK is expected.
            return make(name, method, node, rows, tags, timeout, eventually, nil)
        }
        return make(name, method, node, rows, tags, timeout, eventually, detail)
    }

    private func make(
        _ name: String?,
        _ method: MethodType?,
        _ node: YAMLNode,
        _ rows: [[String: YAMLNode]],
        _ tags: Set<String>,
        _ timeout: Duration?,
        _ eventually: Case.Eventually?,
        _ detail: YAMLNode?
    ) -> [Case]? {
        guard let name, let method else { return nil }
        var read: (detail: CaseDetail, captures: [Case.Capture])?
        if let detail {
            read = YAMLValue<(CaseDetail, [Case.Capture])>.section { section in
                self.detail(section, method)
            }.read(detail, report).map { (detail: $0.0, captures: $0.1) }
        } else {
            read = (detail: CaseDetail(metadata: common.metadata, place: node.place), captures: [])
        }
        guard let read else { return nil }
        let isTable = rows.count > 1 || rows.first?.isEmpty == false
        return rows.enumerated().map { index, row in
            Case(
                name: isTable ? "\(name) [\(index + 1)]" : name,
                place: node.place,
                method: method,
                tags: common.tags.union(tags),
                timeout: timeout ?? common.timeout,
                eventually: eventually,
                captures: read.captures,
                row: row,
                detail: read.detail
            )
        }
    }

    private func method(_ section: YAMLSection) -> MethodType? {
        guard let name = section.required("methodName", .name) else { return nil }
        if let method = common.service.method(named: name) { return method }
        let hint = suggestion(for: name, among: common.service.methods.map(\.name))
        report.error(
            "\(common.service.fullName) has no method \(quoted(name))\(hint)",
            at: section.place(of: "methodName")
        )
        return nil
    }

    private func rows(_ node: YAMLNode) -> [[String: YAMLNode]] {
        guard case .sequence(let nodes) = node.content, !nodes.isEmpty else {
            report.error(
                "expected a list of rows, each a mapping of names to values",
                at: node.place
            )
            return [[:]]
        }
        return nodes.map { row in
            guard case .mapping(let entries) = row.content else {
                report.error("expected a mapping of names to values", at: row.place)
                return [:]
            }
            for entry in entries where !isName(entry.name) {
                report.error("\(quoted(entry.name)) is no name for a variable", at: entry.key.place)
            }
            return Dictionary(entries.map { ($0.name, $0.value) }) { first, _ in first }
        }
    }

    // MARK: The detail

    private func detail(
        _ section: YAMLSection,
        _ method: MethodType
    ) -> (CaseDetail, [Case.Capture])? {
        var detail = CaseDetail(metadata: common.metadata, place: section.place)
        if let node = section.node("metadata") {
            guard case .mapping(let entries) = node.content else {
                report.error("expected a mapping of names to values", at: node.place)
                return nil
            }
            let own = Set(entries.map(\.name))
            detail.metadata = common.metadata.filter { !own.contains($0.name) } + entries
        }
        detail.requests = section.node("requests").flatMap { list($0, "requests") }
        detail.responses = section.node("responses").flatMap { list($0, "responses") }
        detail.script = section.node("stream").flatMap { script($0, method) }
        detail.error = section.node("error")
        detail.headers = section.node("headers")
        detail.trailers = section.node("trailers")
        detail.gzip = section.optional("gzip", .bool, default: false)
        check(detail, section, method)
        return (detail, captures(section, method))
    }

    private func check(_ detail: CaseDetail, _ section: YAMLSection, _ method: MethodType) {
        let kind = method.kind
        if let requests = detail.requests, requests.count != 1, !kind.streamsRequests {
            report.error(
                "\(method.name) is \(kind.rawValue): it takes one request, not \(requests.count)",
                at: section.place(of: "requests")
            )
        }
        if let responses = detail.responses, responses.count > 1, !kind.streamsAnswers {
            report.error(
                "\(method.name) is \(kind.rawValue): it answers once, not \(responses.count) times",
                at: section.place(of: "responses")
            )
        }
        if let responses = detail.responses, responses.isEmpty, !kind.streamsAnswers,
            detail.error == nil
        {
            report.error(
                "\(method.name) is \(kind.rawValue): it always answers, and OK without an answer is "
                    + "no answer",
                at: section.place(of: "responses")
            )
        }
        if detail.script != nil, detail.requests != nil || detail.responses != nil {
            report.error(
                "stream says what is sent and expected: requests and responses cannot stand beside it",
                at: section.place(of: "stream")
            )
        }
    }

    private func list(_ node: YAMLNode, _ what: String) -> [YAMLNode]? {
        if case .sequence(let nodes) = node.content { return nodes }
        report.error("expected a list of \(what)", at: node.place)
        return nil
    }

    private func captures(_ section: YAMLSection, _ method: MethodType) -> [Case.Capture] {
        let paths = section.optional(
            "capture",
            YAMLValue<[YAMLNamed<YAMLPlaced<String>>]>.entries(of: YAMLValue<String>.word.placed),
            default: []
        )
        return paths.compactMap { entry in
            guard isName(entry.name) else {
                report.error("\(quoted(entry.name)) is no name for a variable", at: entry.place)
                return nil
            }
            let output = schema[method.output]
            let (text, place) = (entry.value.value, entry.value.place)
            return AnswerPath.read(text, output, schema, at: place, report).map {
                Case.Capture(variable: entry.name, place: place, path: $0)
            }
        }
    }

    private func script(_ node: YAMLNode, _ method: MethodType) -> [ScriptStep]? {
        guard let nodes = list(node, "steps: send, expect, until, close, cancel") else {
            return nil
        }
        var isClosed = false
        var sent = 0
        var awaited = 0
        var steps: [ScriptStep] = []
        for node in nodes {
            guard let step = step(node) else { continue }
            switch step.action {
            case .send:
                if isClosed { report.error("nothing can be sent after close", at: node.place) }
                sent += 1
            case .close: isClosed = true
            case .expect: awaited += 1
            case .until(let count): awaited = max(awaited, count)
            case .cancel where steps.count != nodes.count - 1:
                report.error("nothing can follow cancel", at: node.place)
            default: break
            }
            steps.append(step)
        }
        if !method.kind.streamsRequests, sent != 1 {
            report.error(
                "\(method.name) is \(method.kind.rawValue): it takes one request, not \(sent)",
                at: node.place
            )
        }
        if !method.kind.streamsAnswers, awaited > 1 {
            report.error(
                "\(method.name) is \(method.kind.rawValue): it answers once, not \(awaited) times",
                at: node.place
            )
        }
        return steps
    }

    private func step(_ node: YAMLNode) -> ScriptStep? {
        if case .scalar(let scalar) = node.content {
            switch scalar.text {
            case "close": return ScriptStep(action: .close, place: node.place)
            case "cancel": return ScriptStep(action: .cancel, place: node.place)
            default: break
            }
        }
        let known = ["send", "expect", "until", "close", "cancel"]
        return YAMLValue<ScriptStep>.section { section in
            let written = known.filter { section.node($0) != nil }
            guard written.count == 1, let word = written.first, let value = section.node(word)
            else {
                report.error("a step is one of \(known.joined(separator: ", "))", at: node.place)
                section.ignoreRest()
                return nil
            }
            let within =
                word == "expect"
                ? section.optional("within", .duration(.milliseconds(1) ... .seconds(3600))) : nil
            switch word {
            case "send": return ScriptStep(action: .send(value), place: value.place)
            case "expect":
                return ScriptStep(action: .expect(value, within: within), place: value.place)
            case "until":
                return YAMLValue<Int>.int(1...1_000_000).read(value, report).map {
                    ScriptStep(action: .until($0), place: value.place)
                }
            case "close": return ScriptStep(action: .close, place: value.place)
            default: return ScriptStep(action: .cancel, place: value.place)
            }
        }.read(node, report)
    }
}

extension YAMLValue where Value == Case.Eventually {
    static var eventually: YAMLValue {
        .section { section in
            let range = Duration.milliseconds(1)...Duration.seconds(3600)
            guard let within = section.required("within", .duration(range)) else { return nil }
            let every = section.optional("every", .duration(range), default: .milliseconds(500))
            return Case.Eventually(within: within, every: every)
        }
    }
}
