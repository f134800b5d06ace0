/// Where ssh logs in: `ssh://[user@]host[:port]`. The host may be a name that only ssh's own
/// configuration knows.
package struct SSHDestination: Hashable, Sendable, CustomStringConvertible {
    package internal(set) var user: String?
    /// An IPv6 address stands without brackets.
    package let host: String
    package let port: UInt16?

    /// Reads the URL. What it takes can be no option to ssh and nothing to a shell.
    package init?(_ text: String) {
        guard text.hasPrefix("ssh://") else { return nil }
        var rest = text.dropFirst("ssh://".count)
        if rest.hasSuffix("/") { rest.removeLast() }
        if let at = rest.firstIndex(of: "@") {
            user = String(rest[..<at])
            rest = rest[rest.index(after: at)...]
            guard isName(user ?? "") else { return nil }
        } else {
            user = nil
        }
        var name = rest
        if rest.hasPrefix("[") {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            name = rest[rest.index(after: rest.startIndex)..<end]
            rest = rest[rest.index(after: end)...]
            let isIP = name.utf8.allSatisfy { isHexadecimal($0) || $0 == colon || $0 == dot }
            guard isIP, name.utf8.contains(colon) else { return nil }
        } else {
            name = rest.prefix { $0 != ":" }
            rest = rest[name.endIndex...]
            guard isName(String(name)) else { return nil }
        }
        host = String(name)
        guard !rest.isEmpty else {
            port = nil
            return
        }
        guard rest.hasPrefix(":"), let number = UInt16(rest.dropFirst()), number > 0 else {
            return nil
        }
        port = number
    }

    package var description: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "ssh://" + (user.map { "\($0)@" } ?? "") + name + (port.map { ":\($0)" } ?? "")
    }

    /// What stands last in a command line of ssh.
    var words: [String] {
        (port.map { ["-p", "\($0)"] } ?? []) + [(user.map { "\($0)@" } ?? "") + host]
    }
}

private let colon = UInt8(ascii: ":")
private let dot = UInt8(ascii: ".")

private func isHexadecimal(_ byte: UInt8) -> Bool {
    Character(Unicode.Scalar(byte)).isHexDigit
}

/// Letters, digits, dots, `_` and `-`, but the last does not come first.
private func isName(_ text: String) -> Bool {
    !text.isEmpty && !text.hasPrefix("-")
        && text.utf8.allSatisfy { byte in
            let character = Character(Unicode.Scalar(byte))
            return byte < 0x80
                && (character.isLetter || character.isNumber || "._-".contains(character))
        }
}
