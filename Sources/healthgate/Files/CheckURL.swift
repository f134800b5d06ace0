import Loop
import YAML

/// The URL under `check`, in its parts.
struct CheckURL: Hashable {
    /// The schemes that this build can probe.
    enum Scheme: String, CaseIterable, Hashable {
        case tcp, http, https, h2c, grpc, grpcs

        var isTLS: Bool { self == .https || self == .grpcs }
    }

    let scheme: Scheme
    let endpoint: Endpoint
    /// From the first `/` or `?` on; empty if there is none.
    let path: String

    /// Kinds of check that exist elsewhere: a file that uses them is right, and this build is not.
    private static let known: Set = [
        "tls", "postgres", "mysql", "redis", "rediss", "amqp", "amqps",
        "memcached", "mongodb", "kafka", "dns", "disk", "exec", "docker", "envoy",
    ]

    init(reading text: String) throws(YAMLMismatch) {
        let supported = Scheme.allCases.map(\.rawValue)
        guard let colon = text.firstIndex(of: ":") else {
            throw YAMLMismatch("\(quoted(text)) has no scheme: write for example http://HOST:PORT/")
        }
        let word = String(text[..<colon])
        guard let scheme = Scheme(rawValue: word) else {
            if Self.known.contains(word) {
                throw YAMLMismatch(
                    "\(word) is not supported by this build; supported: "
                        + supported.sorted().joined(separator: ", ")
                )
            }
            throw YAMLMismatch(
                "unknown scheme \(quoted(word))\(suggestion(for: word, among: supported))"
            )
        }
        guard text[colon...].hasPrefix("://") else {
            throw YAMLMismatch("write \(word)://HOST:PORT")
        }
        let rest = text[colon...].dropFirst("://".count)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        // Not repeated in the message: it may hold a password.
        guard !rest[..<end].contains("@") else {
            throw YAMLMismatch("a \(word) URL takes no user and no password")
        }
        self.scheme = scheme
        endpoint = try Endpoint(reading: String(rest[..<end]))
        path = String(rest[end...])
        guard path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), !path.contains("#") else {
            throw YAMLMismatch("\(quoted(path)) is no path: escape other characters by %")
        }
    }

    /// With a `/` before a query alone.
    var httpPath: String { path.hasPrefix("/") ? path : "/" + path }

    /// The service that a gRPC check asks for; "" is the whole server.
    func service() throws(YAMLMismatch) -> String {
        guard !path.isEmpty else { return "" }
        let name = path.dropFirst()
        guard path.hasPrefix("/"), !name.contains(where: { "/?%".contains($0) }) else {
            throw YAMLMismatch(
                "\(quoted(path)) is no service: write grpc://HOST:PORT/PACKAGE.SERVICE"
            )
        }
        return String(name)
    }
}
