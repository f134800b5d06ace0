import HTTP
import Health
import Loop
import Probes
import TestSupport
import Testing

/// Servers that speak TLS, the one with a certificate that has expired.
@EventLoop
final class SealedStage: Stage {
    private let papers: Papers
    private let server: HTTPServer
    private let late: HTTPServer
    private let silent: ScriptedServer

    init() async throws {
        papers = try await Databases.sharedPapers()
        let any = try #require(SocketAddress("127.0.0.1:0"))
        server = try HTTPServer(any, tls: .server(papers.good), handler: App())
        late = try HTTPServer(any, tls: .server(papers.late), handler: App())
        silent = try ScriptedServer(.silent)
    }

    var addresses: [SocketAddress] { [server.address, late.address, silent.address] }

    func address(_ condition: Condition) -> SocketAddress {
        switch condition {
        case .expired: late.address
        case .silent: silent.address
        default: server.address
        }
    }

    func enter(_ condition: Condition) async throws -> (Depth) async throws -> ProbeTarget {
        if condition == .stopped { await server.close(within: .zero) }
        let target = ProbeTarget(
            .tls(ProbeTarget.CertificateExpectation()),
            Endpoint(address(condition)),
            tls: papers.trusted(condition) ?? papers.trust
        )
        return { _ in target }
    }
}

/// What speaks in the clear, and needs no process of its own.
@EventLoop
final class PageStage: Stage {
    private let kind: ProbeTarget.Kind
    private let page: HTTPServer
    private let mail: ScriptedServer
    private let silent: ScriptedServer

    init(_ kind: ProbeTarget.Kind) throws {
        self.kind = kind
        let any = try #require(SocketAddress("127.0.0.1:0"))
        page = try HTTPServer(any, handler: App())
        mail = try ScriptedServer(.greet("220 ready\r\n"))
        silent = try ScriptedServer(.silent)
    }

    private var server: SocketAddress {
        if case .tcp = kind { mail.address } else { page.address }
    }

    var addresses: [SocketAddress] { [page.address, mail.address, silent.address] }

    func enter(_ condition: Condition) async throws -> (Depth) async throws -> ProbeTarget {
        if condition == .stopped {
            await page.close(within: .zero)
            mail.close()
        }
        let address = condition == .silent ? silent.address : server
        let target = ProbeTarget(kind, Endpoint(address))
        return { _ in target }
    }
}

/// Real etcds: in the clear, over TLS, over TLS with a certificate that has expired.
@EventLoop
final class EtcdStage: Stage {
    private let kind: ProbeTarget.Kind
    private let papers: Papers
    private let server: ServerProcess
    private let sealed: ServerProcess
    private let late: ServerProcess

    private let started: Int

    init(_ kind: ProbeTarget.Kind) async throws {
        self.kind = kind
        papers = try await Databases.sharedPapers()
        server = try await .etcd()
        started = server.lines.count
        sealed = try await .etcd(tls: papers.good)
        late = try await .etcd(tls: papers.late)
    }

    var addresses: [SocketAddress] { [server.address, sealed.address, late.address] }

    func complaints() async throws -> [String] {
        server.complaints(from: started, [" W | ", " E | ", " C | "])
    }

    func enter(_ condition: Condition) async throws -> (Depth) async throws -> ProbeTarget {
        let server =
            switch condition {
            case .sealed, .clear, .wrongAuthority, .wrongName: sealed
            case .expired: late
            default: server
            }
        switch condition {
        case .silent: server.freeze()
        case .stopped: try await server.stop()
        default: break
        }
        let target = ProbeTarget(
            kind,
            Endpoint(server.address),
            tls: papers.trusted(condition)
        )
        return { _ in target }
    }
}

/// A real dnsmasq.
@EventLoop
final class NameServerStage: Stage {
    private let server: ServerProcess
    private let question: DNSQuestion

    init() async throws {
        server = try await .dnsmasq()
        question = DNSQuestion(try #require(DNSName("app.test")), .a)
    }

    var addresses: [SocketAddress] { [server.address] }

    func enter(_ condition: Condition) async throws -> (Depth) async throws -> ProbeTarget {
        switch condition {
        case .silent: server.freeze()
        case .stopped: try await server.stop()
        default: break
        }
        let target = ProbeTarget(.dns(question), Endpoint(server.address))
        return { _ in target }
    }
}

/// A real Envoy without clusters.
@EventLoop
final class EnvoyStage: Stage {
    private let envoy: EnvoyProcess
    private let admin: SocketAddress

    init() async throws {
        envoy = try await EnvoyProcess("static_resources: {}")
        admin = try #require(try envoy.adminEndpoint.address)
    }

    isolated deinit { envoy.stop() }

    var addresses: [SocketAddress] { [admin] }

    func enter(_ condition: Condition) async throws -> (Depth) async throws -> ProbeTarget {
        if condition == .silent { envoy.freeze() }
        if condition == .stopped {
            envoy.stop()
            while await look(.tcp(), admin).passed {}
        }
        let target = ProbeTarget(.envoy(clusters: []), Endpoint(admin))
        return { _ in target }
    }
}

extension ProbeTarget.Kind {
    /// etcd's own word on its health.
    static let health = Self.http(
        path: "/health",
        expect: ProbeTarget.HTTPExpectation(bodyContains: "\"health\":\"true\"")
    )
}
