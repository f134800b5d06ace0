package import Loop

/// What is probed, and by which way.
package struct ProbeTarget: Hashable, Sendable, CustomStringConvertible {
    package var kind: Kind
    /// The target itself.
    package var address: Endpoint
    package var through: Through
    /// Where the probe connects: the sidecar's ingress for an app that is fronted by it, else
    /// `address`.
    package var dial: Endpoint
    /// Whether a probe over HTTP or gRPC uses the connection of the one before. That is cheaper, and does
    /// not see that nobody new is let in.
    package var keeps: Bool
    /// The target itself, where `address` is only the sidecar's listener for it.
    package var beyond: Endpoint?
    /// The `:authority` or `Host` to send.
    package var authority: String
    /// How `http` becomes `https`, and `grpc` `grpcs`; nil: in the clear.
    package var tls: TLSSettings?

    package init(
        _ kind: Kind,
        _ address: Endpoint,
        through: Through = .none,
        dial: Endpoint? = nil,
        authority: String? = nil,
        tls: TLSSettings? = nil,
        beyond: Endpoint? = nil,
        keeps: Bool = false
    ) {
        self.kind = kind
        self.address = address
        self.through = through
        self.dial = dial ?? address
        self.authority = authority ?? address.description
        self.tls = tls
        self.beyond = beyond
        self.keeps = keeps
    }

    /// A target on this machine, to which no network leads.
    package init(_ kind: Kind) { self.init(kind, .thisMachine) }

    /// Whether the sidecar's ingress routes it by its authority.
    package var goesThroughIngress: Bool { dial != address }

    /// The same target without the sidecar before it, to tell who is to blame; nil when the probe
    /// goes there anyway, or nobody knows where that is.
    package var direct: ProbeTarget? {
        guard let place = beyond ?? (goesThroughIngress ? address : nil) else { return nil }
        var direct = self
        (direct.address, direct.dial, direct.beyond) = (place, place, nil)
        direct.through = .none
        return direct
    }

    /// As in `gateway.yaml`.
    package var description: String {
        let url = "\(scheme)://\(address)"
        return switch kind {
        case .tcp: url
        case .http(let path, _), .h2c(let path, _): url + path
        case .grpc(let service): "\(url)/\(service)"
        case .tls, .envoy: url
        case .dns(let question): "\(url)/\(question.asked.name)"
        case .disk(let disk): "disk://\(disk.path)"
        // The arguments may hold what is nobody's business.
        case .exec(let command): "exec:\(command.first ?? "")"
        case .docker(let container): "docker://\(container.name)"
        case .server(let server):
            "\(scheme)://\(server.user.map { $0 + "@" } ?? "")\(address)"
                + (server.database.map { "/" + $0 } ?? "")
        }
    }

    /// The scheme in `gateway.yaml`.
    package var scheme: String {
        switch kind {
        case .tcp: "tcp"
        case .http: tls == nil ? "http" : "https"
        case .h2c: "h2c"
        case .grpc: tls == nil ? "grpc" : "grpcs"
        case .tls: "tls"
        case .dns: "dns"
        case .disk: "disk"
        case .exec: "exec"
        case .docker: "docker"
        case .envoy: "envoy"
        case .server(let server): server.scheme
        }
    }

    /// All that decides what a probe asks and expects, in one text: when it differs after a reload,
    /// the check has changed.
    package var definition: String {
        let expected =
            switch kind {
            case .tcp(let exchange): "\(exchange)"
            case .http(_, let expect), .h2c(_, let expect): "\(expect)"
            case .grpc: ""
            case .tls(let expect): "\(expect)"
            case .dns(let question): "\(question)"
            case .disk(let disk): "\(disk)"
            case .exec(let command): "\(command)"
            case .docker(let container): "\(container)"
            case .envoy(let clusters): "\(clusters)"
            case .server(let server): "\(server)"
            }
        let sealed = tls.map { " \($0)" } ?? ""
        let past = beyond.map { " past the sidecar \($0)" } ?? ""
        let kept = keeps ? " kept" : ""
        return "\(self) \(through) \(dial) \(authority) \(expected)\(sealed)\(past)\(kept)"
    }
}

extension ProbeTarget {
    /// What stands between the probe and its target.
    package enum Through: String, CaseIterable, Hashable, Sendable {
        case sidecar, none
    }

    /// The kind of probe with what only that kind has.
    package enum Kind: Hashable, Sendable {
        case tcp(TCPExchange)
        /// HTTP/1.1, and over TLS what the target prefers; `path` includes the query.
        case http(path: String, expect: HTTPExpectation)
        /// HTTP/2 with prior knowledge.
        case h2c(path: String, expect: HTTPExpectation)
        /// `grpc.health.v1` Check of one service, "" for the whole server.
        case grpc(service: String)
        /// A handshake over TLS, and the certificate.
        case tls(CertificateExpectation)
        /// One question to one name server.
        case dns(DNSQuestion)
        /// Room on a file system of this machine.
        case disk(Disk)
        /// A command with its arguments.
        case exec([String])
        case docker(Container)
        /// The admin interface of an Envoy, and the clusters that must have a healthy host.
        case envoy(clusters: [String])
        /// A database or another server, in its own protocol.
        case server(ServerTarget)

        /// Whether it is of this machine alone, and shared with no other host.
        package var isLocal: Bool {
            switch self {
            case .disk, .exec, .docker, .envoy: true
            default: false
            }
        }
    }

    /// Bytes to send once connected, and bytes that the reply must begin with. Both empty: a mere
    /// connect.
    package struct TCPExchange: Hashable, Sendable {
        package var send: [UInt8]
        package var expect: [UInt8]

        package init(send: [UInt8] = [], expect: [UInt8] = []) {
            self.send = send
            self.expect = expect
        }
    }

    /// What an HTTP answer must be to count as up.
    package struct HTTPExpectation: Hashable, Sendable {
        package var statuses: [ClosedRange<Int>]
        package var bodyContains: String?
        /// Lower-case names; each value must be contained in the header's.
        package var headers: [Header]

        package init(
            statuses: [ClosedRange<Int>] = [200...299],
            bodyContains: String? = nil,
            headers: [Header] = []
        ) {
            self.statuses = statuses
            self.bodyContains = bodyContains
            self.headers = headers
        }
    }

    package struct Header: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }
}
