import YAML

/// The accounts that tests may touch: a request outside them is not sent.
struct Contract: Sendable {
    /// The proto name of the field that holds the account.
    let field: String
    /// As they are written in YAML.
    let allowed: [String]
    /// Methods that need no account.
    let exempt: Set<String>
    let place: YAMLPlace

    /// Why a request must not be sent; nil: it may.
    func refusal(of message: DynamicMessage, _ method: MethodType) -> String? {
        guard !exempt.contains(method.name) else { return nil }
        var found: [String] = []
        find(in: message, &found)
        if found.isEmpty {
            return "the request names no \(field), and the contract allows "
                + "\(allowed.joined(separator: ", ")) alone (or list \(method.name) under without)"
        }
        guard let foreign = found.first(where: { !allowed.contains($0) }) else { return nil }
        return "\(field) \(quoted(foreign)) is not among the accounts of the contract: "
            + allowed.joined(separator: ", ")
    }

    private func find(in message: DynamicMessage, _ found: inout [String]) {
        if let packed = PackedMessage(message) { find(in: packed.message, &found) }
        for (field, value) in message.fields {
            if field.name == self.field { found += words(value) }
            switch value {
            case .message(let inner): find(in: inner, &found)
            case .list(let items):
                for case .message(let inner) in items { find(in: inner, &found) }
            case .map(let entries):
                for case .message(let inner) in entries.values { find(in: inner, &found) }
            default: break
            }
        }
    }

    private func words(_ value: DynamicValue) -> [String] {
        switch value {
        case .list(let items): items.flatMap(words)
        case .string(let text): [text]
        case .int(let number): [String(number)]
        case .uint(let number): [String(number)]
        // What is no name and no number is no account that could be allowed.
        default: [""]
        }
    }
}
