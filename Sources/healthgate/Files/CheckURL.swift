import Loop
import Probes
import YAML

/// The URL under `check`, in its parts.
struct CheckURL: Hashable {
    /// The schemes that this build can probe.
    enum Scheme: String, CaseIterable, Hashable {
        case tcp, http, https, h2c, grpc, grpcs
        case tls, dns, disk, exec, docker, envoy
        case postgres, mysql, redis, rediss, memcached, amqp, amqps, mongodb, kafka

        var isTLS: Bool { [.https, .grpcs, .tls, .rediss, .amqps].contains(self) }

        /// Whether no way to it can lead through the sidecar: it is on this machine, or the sidecar.
        var isLocal: Bool { [.disk, .exec, .docker, .envoy].contains(self) }

        /// The server that is asked in its own protocol.
        var service: ServerTarget.Service? {
            switch self {
            case .postgres: .postgres
            case .mongodb: .mongodb
            case .kafka: .kafka
            case .mysql: .mysql
            case .redis, .rediss: .redis
            case .memcached: .memcached
            case .amqp, .amqps: .amqp
            default: nil
            }
        }
    }

    let scheme: Scheme
    let endpoint: Endpoint
    /// As whom a server is asked.
    let user: String?
    /// From the first `/` or `?` on; empty if there is none.
    let path: String

    init(reading text: String) throws(YAMLMismatch) {
        let supported = Scheme.allCases.map(\.rawValue)
        guard let colon = text.firstIndex(of: ":") else {
            throw YAMLMismatch("\(quoted(text)) has no scheme: write for example http://HOST:PORT/")
        }
        let word = String(text[..<colon])
        guard let scheme = Scheme(rawValue: word) else {
            throw YAMLMismatch(
                "unknown scheme \(quoted(word))\(suggestion(for: word, among: supported))"
            )
        }
        if let place = try CheckURL.place(scheme, text[colon...].dropFirst()) {
            self.scheme = scheme
            endpoint = .thisMachine
            user = nil
            path = place
            return
        }
        guard text[colon...].hasPrefix("://") else {
            throw YAMLMismatch("write \(word)://HOST:PORT")
        }
        let rest = text[colon...].dropFirst("://".count)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let authority = rest[..<end]
        let at = authority.lastIndex(of: "@")
        user = at.map { String(authority[..<$0]) }
        if let user { try CheckURL.check(user, of: scheme) }
        self.scheme = scheme
        let host = at.map { authority[authority.index(after: $0)...] } ?? authority
        endpoint = try Endpoint(reading: CheckURL.withPort(host, scheme))
        path = String(rest[end...])
        guard path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), !path.contains("#") else {
            throw YAMLMismatch("\(quoted(path)) is no path: escape other characters by %")
        }
    }

    /// What is wrong is not repeated in the message: it may hold a password.
    private static func check(_ user: String, of scheme: Scheme) throws(YAMLMismatch) {
        guard scheme.service != nil else {
            throw YAMLMismatch("a \(scheme.rawValue) URL takes no user and no password")
        }
        guard !user.contains(":") else {
            throw YAMLMismatch("a password does not belong in a URL: write password_file: PATH")
        }
        let isPlain = user.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "%") }
        guard !user.isEmpty, isPlain else {
            throw YAMLMismatch("the user before @ must be plain letters, digits and signs")
        }
    }

    /// What a server is asked about: a database, a virtual host; nil: nothing is said.
    func database() throws(YAMLMismatch) -> String? {
        let name = path.dropFirst()
        guard !name.isEmpty else { return nil }
        guard path.hasPrefix("/"), !name.contains(where: { "/?%".contains($0) }) else {
            throw YAMLMismatch(
                "\(quoted(path)) is no name: write \(scheme.rawValue)://HOST:PORT/NAME"
            )
        }
        return String(name)
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
