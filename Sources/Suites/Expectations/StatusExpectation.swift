import GRPC
import YAML

/// How a call must end.
struct StatusExpectation: Sendable {
    /// Nil: any but OK.
    var code: GRPCStatus.Code?
    var message: TextExpectation?
    var details: [Expected] = []
    let place: YAMLPlace

    /// `{ code: NOT_FOUND, message: "…", details: […] }`; details want their types in the schema.
    static func read(
        _ node: YAMLNode,
        _ schema: Schema,
        _ report: YAMLReport
    ) -> StatusExpectation? {
        YAMLValue<StatusExpectation>.section { section in
            var status = StatusExpectation(place: node.place)
            status.code = section.optional("code", .statusCode)
            if status.code == .ok {
                report.error("OK is no error", at: section.place(of: "code"))
            }
            if let node = section.node("message") {
                status.message = TextExpectation.read(node, report)
            }
            if let node = section.node("details") {
                status.details = Self.details(node, schema, report)
            }
            return status
        }.read(node, report)
    }

    private static func details(
        _ node: YAMLNode,
        _ schema: Schema,
        _ report: YAMLReport
    ) -> [Expected] {
        guard case .sequence(let nodes) = node.content else {
            report.error("expected a list of details, each with @type", at: node.place)
            return []
        }
        guard let any = schema.message(named: "google.protobuf.Any") else {
            report.error("google.protobuf.Any is not among the types", at: node.place)
            return []
        }
        let builder = ExpectationBuilder(schema, report)
        return nodes.compactMap { builder.build($0, as: .message(any)) }
    }
}

/// A text as it must be.
enum TextExpectation: Sendable {
    case exactly(String)
    case contains(String)
    case regex(String)
    case present
    case absent
    /// Known once a case before it has run.
    case awaited

    static func read(_ node: YAMLNode, _ report: YAMLReport) -> TextExpectation? {
        let bare = node.tagged(nil)
        switch node.tag {
        case Variables.awaitedTag: return .awaited
        case "!any", "!present": return .present
        case "!absent": return .absent
        case "!contains": return YAMLValue<String>.word.read(bare, report).map { .contains($0) }
        case "!regex":
            guard let pattern = YAMLValue<String>.word.read(bare, report) else { return nil }
            do {
                _ = try Regex(pattern)
            } catch {
                report.error(
                    "\(quoted(pattern)) is no regular expression: \(error)",
                    at: node.place
                )
                return nil
            }
            return .regex(pattern)
        default: return YAMLValue<String>.word.read(node, report).map { .exactly($0) }
        }
    }

    func holds(_ text: String?) -> Bool {
        guard let text else {
            if case .absent = self { return true }
            return false
        }
        return switch self {
        case .exactly(let wanted): text.utf8.elementsEqual(wanted.utf8)
        case .contains(let part): text.contains(part)
        case .regex(let pattern):
            (try? Regex(pattern)).map { text.firstMatch(of: $0) != nil } ?? false
        case .present, .awaited: true
        case .absent: false
        }
    }

    var words: String {
        switch self {
        case .exactly(let text): MessageText.quotedText(text)
        case .contains(let part): "!contains \(MessageText.quotedText(part))"
        case .regex(let pattern): "!regex \(MessageText.quotedText(pattern))"
        case .present, .awaited: "!present"
        case .absent: "absent"
        }
    }
}

extension YAMLValue where Value == GRPCStatus.Code {
    /// `NOT_FOUND` or 5.
    static var statusCode: YAMLValue {
        YAMLValue<String>.word.map { word throws(YAMLMismatch) in
            let codes = (0...16).map(GRPCStatus.Code.init(rawValue:))
            if let number = Int(word), let code = codes.first(where: { $0.rawValue == number }) {
                return code
            }
            if let code = codes.first(where: { "\($0)" == word.uppercased() }) { return code }
            let hint = suggestion(for: word, among: codes.map { "\($0)" })
            throw YAMLMismatch("there is no status code \(quoted(word))\(hint)")
        }
    }
}
