import Loop
import YAML

extension YAMLValue where Value == SocketAddress {
    /// `127.0.0.1:80`, `[::1]:80` or `unix:/run/x.sock`.
    static var socketAddress: YAMLValue {
        YAMLValue<String>.string.map { text throws(YAMLMismatch) in
            guard let address = SocketAddress(text) else {
                throw YAMLMismatch(
                    "\(quoted(text)) is no address such as 127.0.0.1:80, [::1]:80 or unix:/run/x.sock"
                )
            }
            return address
        }
    }
}

extension YAMLValue where Value == Endpoint {
    /// `name:80` or `127.0.0.1:80`.
    static var endpoint: YAMLValue {
        YAMLValue<String>.string.map { text throws(YAMLMismatch) in try Endpoint(reading: text) }
    }

    /// Where an admin interface on this machine is: `http://127.0.0.1:9901` or `unix:/run/x.sock`.
    static var localAdmin: YAMLValue {
        YAMLValue<AdminURL>.adminURL.map { url throws(YAMLMismatch) in
            guard !url.isTLS else {
                throw YAMLMismatch("https is not for the sidecar beside us; write http://HOST:PORT")
            }
            return url.endpoint
        }
    }
}

/// A URL of an admin interface, in its parts.
struct AdminURL {
    let endpoint: Endpoint
    let isTLS: Bool

    /// `http://127.0.0.1:9901`, `https://east-1:9981` or `unix:/run/x.sock`.
    init(reading text: String) throws(YAMLMismatch) {
        if text.hasPrefix("unix:"), let endpoint = Endpoint(text) {
            self.endpoint = endpoint
            isTLS = false
            return
        }
        guard let scheme = ["http://", "https://"].first(where: { text.hasPrefix($0) }) else {
            throw YAMLMismatch("\(quoted(text)) is no URL such as http://127.0.0.1:9901")
        }
        var rest = text.dropFirst(scheme.count)
        if rest.hasSuffix("/") { rest.removeLast() }
        endpoint = try Endpoint(reading: String(rest))
        isTLS = scheme == "https://"
    }
}

extension YAMLValue where Value == AdminURL {
    static var adminURL: YAMLValue {
        YAMLValue<String>.string.map { text throws(YAMLMismatch) in try AdminURL(reading: text) }
    }
}

extension Endpoint {
    /// A host and a port to connect to.
    init(reading text: String) throws(YAMLMismatch) {
        guard let endpoint = Endpoint(text), let port = endpoint.port, port > 0,
            !endpoint.host.contains(where: { "@?#\\".contains($0) })
        else { throw YAMLMismatch("\(quoted(text)) is no HOST:PORT") }
        self = endpoint
    }
}

extension YAMLValue where Value == String {
    /// A name that fits into URLs, metrics and file names.
    static var identifier: YAMLValue {
        string.map { text throws(YAMLMismatch) in
            try checkIdentifier(text)
            return text
        }
    }

    /// What HTTP takes as a host: an app's name, `shop.example:80`.
    static var authority: YAMLValue {
        string.map { text throws(YAMLMismatch) in
            guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }),
                !text.contains(where: { "/@?#\\".contains($0) })
            else {
                throw YAMLMismatch("\(quoted(text)) is no authority such as orders or a.example:80")
            }
            return text
        }
    }

    /// The path of a file or folder.
    static var path: YAMLValue { name }

    /// One that does not depend on where the program was started.
    static var absolutePath: YAMLValue {
        name.map { text throws(YAMLMismatch) in
            guard text.hasPrefix("/") else {
                throw YAMLMismatch("\(quoted(text)) is no absolute path")
            }
            return text
        }
    }
}

/// Names appear in URLs, metrics and file names.
func checkIdentifier(_ text: String) throws(YAMLMismatch) {
    let allowed = text.utf8.allSatisfy { byte in
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
            || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
            || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            || "._-".utf8.contains(byte)
    }
    guard allowed, (1...100).contains(text.utf8.count), !text.hasPrefix("."), !text.hasPrefix("-")
    else {
        throw YAMLMismatch("\(quoted(text)) is no name: write letters, digits, dots, _ and -")
    }
}
