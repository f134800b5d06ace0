import Probes
import YAML

extension DNSQuestion {
    /// What a check of a name server says: whom it asks about what, and what the answer must hold.
    init?(_ url: CheckURL, _ section: YAMLSection) {
        let type = section.optional("type", .choice, default: RecordType.a)
        let expected = section.optional("expect", .oneOrMore(of: .answer(type)), default: [])
        guard url.path.hasPrefix("/"), let name = DNSName(String(url.path.dropFirst())) else {
            section.report.error(
                "write dns://\(url.endpoint)/NAME, the name that is asked about",
                at: section.place(of: "check")
            )
            return nil
        }
        self.init(name, type, expected: expected)
    }
}

extension YAMLValue where Value == String {
    /// A value as the answer has it.
    fileprivate static func answer(_ type: DNSQuestion.RecordType) -> YAMLValue {
        YAMLValue<String>.word.map { text throws(YAMLMismatch) in
            switch type {
            case .a, .aaaa:
                guard let address = DNSQuestion.canonical(text),
                    address.contains(":") == (type == .aaaa)
                else {
                    let example = type == .a ? "10.0.0.1" : "2001:db8::1"
                    throw YAMLMismatch("\(quoted(text)) is no address such as \(example)")
                }
                return address
            case .cname, .ns, .ptr:
                guard let name = DNSName(text) else {
                    throw YAMLMismatch("\(quoted(text)) is no name such as a.example")
                }
                return name.description
            case .mx, .soa, .srv, .txt: return text
            }
        }
    }
}
