import YAML

/// The keys under which `${env:NAME}` is read.
let secretKeys: Set = ["token", "read_token", "change_token", "password"]

/// Where a secret comes from. A secret itself never stands in a file that people copy around.
enum SecretSource: Hashable {
    case file(String)
    case environment(String)
}

extension YAMLSection {
    /// `KEY_file: PATH` or `KEY: ${env:NAME}`.
    func secret(_ key: String) -> SecretSource? {
        let file = optional(key + "_file", .path).map(SecretSource.file)
        let environment = optional(key, .environmentName).map(SecretSource.environment)
        if node(key + "_file") != nil, let both = node(key) {
            report.error("\(key) and \(key)_file exclude each other", at: both.place)
        }
        return file ?? environment
    }
}

extension YAMLValue where Value == String {
    /// The NAME of `${env:NAME}`. The message must not repeat what stands there instead.
    fileprivate static var environmentName: YAMLValue {
        YAMLValue<String> { node, report in
            guard case .scalar(let scalar) = node.content, scalar.text.hasPrefix("${env:"),
                scalar.text.hasSuffix("}")
            else {
                let message = "a secret is not written here: give a file by the key with _file, or "
                report.error(message + "${env:NAME}", at: node.place)
                return nil
            }
            let name = scalar.text.dropFirst("${env:".count).dropLast()
            guard let first = name.first, first == "_" || first.isLetter,
                name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
            else {
                report.error("${env:…} wants the name of a variable", at: node.place)
                return nil
            }
            return String(name)
        }
    }
}
