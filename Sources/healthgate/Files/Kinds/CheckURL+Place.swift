import YAML

extension CheckURL {
    /// The place of what is looked at without an address: a path, a container's name, nothing for a
    /// command. Nil for the other schemes.
    static func place(_ scheme: Scheme, _ rest: Substring) throws(YAMLMismatch) -> String? {
        switch scheme {
        case .disk:
            let path = String(rest.dropFirst("//".count))
            guard rest.hasPrefix("///"), !path.unicodeScalars.contains(where: { $0.value < 0x20 })
            else { throw YAMLMismatch("write disk:// and an absolute path, such as disk:///var") }
            return path
        case .docker:
            let name = rest.dropFirst("//".count)
            guard rest.hasPrefix("//"), isContainerName(name) else {
                throw YAMLMismatch("write docker://NAME, the name or number of a container")
            }
            return String(name)
        case .exec:
            guard rest.isEmpty else {
                throw YAMLMismatch(
                    "write \"exec:\" and what it runs under command: [PROGRAM, ARGUMENT]"
                )
            }
            return ""
        default: return nil
        }
    }

    /// Docker's own rule; nothing else goes into a path of its Engine's.
    private static func isContainerName(_ name: Substring) -> Bool {
        guard let first = name.utf8.first, isLetterOrDigit(first), name.utf8.count <= 255 else {
            return false
        }
        return name.utf8.allSatisfy { isLetterOrDigit($0) || "_.-".utf8.contains($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
            || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
            || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    /// With the port that everybody knows, where there is one.
    static func withPort(_ host: Substring, _ scheme: Scheme) -> String {
        let afterIP = host.lastIndex(of: "]").map { host[$0...] } ?? host
        return scheme == .dns && !afterIP.contains(":") ? "\(host):53" : String(host)
    }

    /// What follows the address, where nothing may.
    func refusePath(_ section: YAMLSection) {
        guard !path.isEmpty else { return }
        section.report.error("\(scheme.rawValue) knows no path", at: section.place(of: "check"))
    }
}
