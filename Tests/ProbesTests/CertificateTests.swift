import HTTP
import Health
import Loop
import Probes
import TestSupport
import Testing

private let day = 86_400

private func peer(_ certificates: TLSPeer.Certificate...) -> TLSPeer {
    TLSPeer(version: "TLSv1.3", certificates: certificates)
}

private func certificate(
    _ name: String,
    by issuer: String = "R3",
    until end: Int?,
    from start: Int? = 0
) -> TLSPeer.Certificate {
    TLSPeer.Certificate(
        subject: name,
        names: [name],
        issuer: issuer,
        notBefore: start,
        notAfter: end
    )
}

@Suite struct `The words on a certificate` {
    private let now = 1_800_000_000

    @Test func `tell its end, its names and who vouches for it`() {
        let words = peer(
            TLSPeer.Certificate(
                subject: "app",
                names: ["a.example", "b.example", "c.example", "d.example"],
                issuer: "R3",
                notBefore: 0,
                notAfter: now + 13 * day + 5
            ),
            certificate("R3", by: "root", until: now + 400 * day)
        ).words(now: now)
        #expect(
            words == "TLSv1.3, certificate of app, expires 2027-01-28 (in 13 d), "
                + "for a.example, b.example, c.example and 1 more, by R3, chain of 2"
        )
    }

    @Test func `tell what is wrong with its times`() {
        let expired = peer(certificate("a", by: "a", until: now - 3 * day)).words(now: now)
        #expect(expired.contains("expired 2027-01-12 (3 d ago)"), "\(expired)")
        #expect(expired.contains("self-signed"))
        let early = peer(certificate("a", until: now + day, from: now + 3600)).words(now: now)
        #expect(early.contains("valid from 2027-01-15 (in 60 min)"), "\(early)")
        let chain = peer(
            certificate("a", until: now + 90 * day),
            certificate("R3", until: now - day)
        ).words(now: now)
        #expect(chain.contains("R3 in its chain expired 2027-01-14"), "\(chain)")
    }

    @Test func `hold for any numbers and names`() {
        for number in [Int.min, -1, 0, Int.max] {
            let odd = certificate("\u{1b}[2Jx\n", until: number, from: number)
            #expect(!peer(odd).words(now: now).contains("\u{1b}"))
            _ = peer(odd).words(now: Int.min)
            _ = peer(odd, odd).words(now: Int.max)
            let wish = ProbeTarget.CertificateExpectation(validFor: .seconds(1))
            for now in [Int.min, 0, Int.max] { _ = wish.judge(peer(odd), now: now) }
        }
        #expect(peer().words(now: now) == "TLSv1.3")
        #expect(peer(certificate("", by: "", until: nil)).words(now: now).contains("of nobody"))
    }

    @Test(arguments: [(13, true), (14, false), (15, false), (-1, true)])
    func `are a warning when it ends soon`(days: Int, isSoon: Bool) {
        let wish = ProbeTarget.CertificateExpectation(validFor: .seconds(14 * day))
        let result = wish.judge(peer(certificate("a", until: now + days * day)), now: now)
        if isSoon {
            guard case .degraded(let words) = result else {
                Issue.record("\(result)")
                return
            }
            #expect(words.hasSuffix("expected: valid for 14 d"))
        } else {
            #expect(result == .up)
        }
    }

    @Test func `are a warning when one of its chain ends soon`() {
        let wish = ProbeTarget.CertificateExpectation(validFor: .seconds(14 * day))
        let chain = peer(
            certificate("a", until: now + 90 * day),
            certificate("R3", until: now + 2 * day)
        )
        #expect(
            wish.judge(chain, now: now)
                == .degraded("the certificate of R3 expires in 2 d, expected: valid for 14 d")
        )
    }
}

@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `A TLS probe` {
    private let certificates: Certificates

    init() async throws { certificates = try await Certificates() }

    private func server(_ settings: TLSSettings) throws -> HTTPServer {
        let address = try #require(SocketAddress("127.0.0.1:0"))
        return try HTTPServer(address, tls: try .server(settings), handler: App())
    }

    private func probe(
        _ address: SocketAddress,
        validFor: Duration? = nil,
        through: ProbeTarget.Through = .none,
        _ change: (inout TLSSettings) -> Void = { _ in }
    ) async -> Outcome {
        var tls = TLSSettings(authorities: certificates.authorities)
        change(&tls)
        let kind = ProbeTarget.Kind.tls(.init(validFor: validFor))
        let target = ProbeTarget(kind, Endpoint(address), through: through, tls: tls)
        return await AnyProbe.make(target).run(until: soon())
    }

    @Test func `tells what the target shows, and warns before its end`() async throws {
        let server = try server(try await certificates.make("app"))
        let outcome = await probe(server.address)
        #expect(outcome.result == .up)
        #expect(outcome.phases.map(\.name) == [.connect, .tls])
        #expect(outcome.detail.hasPrefix("TLSv1.3, certificate of app, expires "))
        #expect(outcome.detail.hasSuffix("for localhost, 127.0.0.1, by test CA, chain of 1"))
        #expect(await probe(server.address, validFor: .seconds(29 * day)).result == .up)
        #expect(await probe(server.address, validFor: .seconds(31 * day)).level == .degraded)
    }

    @Test func `tells it also of a certificate that is not to be trusted`() async throws {
        for (settings, words, detail) in [
            (try await certificates.make("old", days: -1), "of old expired", "(24 h ago)"),
            (
                try await certificates.make("else", names: "DNS:a.example"), "for another name",
                "for a.example, by test CA"
            ),
            (try await certificates.make("stranger", by: "other"), "not trusted", "by other CA"),
        ] {
            let server = try server(settings)
            let outcome = await probe(server.address, validFor: .seconds(31 * day))
            #expect(outcome.failure?.reason == .tlsVerify)
            #expect(outcome.failure?.text.contains(words) == true, "\(outcome)")
            #expect(outcome.detail.hasPrefix("TLSv1.3, certificate of "), "\(outcome)")
            #expect(outcome.detail.contains(detail), "\(outcome)")
            let careless = await probe(server.address) { $0 = TLSSettings(verifies: false) }
            #expect(careless.passed)
            #expect(careless.detail.contains(detail), "\(careless)")
        }
    }

    @Test func `hears a server that refuses us after the handshake`() async throws {
        var settings = try await certificates.make("app")
        settings.authorities = certificates.authorities
        let server = try server(settings)
        let none = await probe(server.address)
        #expect(none.failure?.reason == .tlsVerify, "\(none)")
        #expect(none.detail.contains("certificate of app"))
        let own = try await certificates.make("prober")
        let shown = await probe(server.address) {
            ($0.certificate, $0.key) = (own.certificate, own.key)
        }
        #expect(shown.result == .up, "\(shown)")
    }

    @Test func `blames where no TLS is spoken`() async throws {
        let mail = try ScriptedServer(.greet("220 mail\r\n"))
        #expect(await probe(mail.address).failure?.reason == .tlsHandshake)
        let closing = try ScriptedServer(.close)
        #expect(await probe(closing.address).failure?.reason == .tlsHandshake)
        #expect(
            await probe(closing.address, through: .sidecar).failure?.reason == .upstreamRefused
        )
        #expect(await probe(try ScriptedServer.nobody()).failure?.reason == .refused)
    }
}
