import Glibc
package import Health
package import Loop

/// Shakes hands over TLS and looks at the certificate, be it trusted or not.
@EventLoop
package final class TLSProbe: Probe {
    private let dial: Endpoint
    private let tls: TLSClient
    private let expectation: ProbeTarget.CertificateExpectation
    private let blame: Blame

    package init(
        _ dial: Endpoint,
        tls: TLSClient,
        _ expectation: ProbeTarget.CertificateExpectation,
        _ blame: Blame
    ) {
        self.dial = dial
        self.tls = tls
        self.expectation = expectation
        self.blame = blame
    }

    package func run(until deadline: Instant) async -> Outcome {
        var phases = Phases(blame)
        let stream: ByteStream
        do throws(LoopError) {
            let addresses = try await Resolver.addresses(of: dial, until: deadline)
            if dial.address == nil { phases.ended(.dns) }
            stream = try await ByteStream.connect(toAny: addresses, until: deadline)
            phases.ended(.connect)
        } catch {
            return phases.failed(blame.connecting(error))
        }
        defer { stream.close() }
        do throws(LoopError) {
            try await stream.secure(by: tls.current(), host: dial.host, until: deadline)
            try await hearRefusal(stream, until: deadline)
        } catch {
            phases.ended(.tls)
            phases.failedSealing(stream.tlsPeer)
            return phases.broken(blame.sealing(error))
        }
        phases.ended(.tls)
        guard let peer = stream.tlsPeer else { return phases.up("") }
        return phases.finished(expectation.judge(peer, now: now), peer.words(now: now))
    }

    private var now: Int { time(nil) }

    /// With TLS 1.3 a server's word on our certificate, or on our having none, comes after our side's
    /// handshake. One that is content ends the connection after us.
    private func hearRefusal(_ stream: ByteStream, until deadline: Instant) async throws(LoopError)
    {
        guard stream.tlsPeer?.asksForCertificate == true else { return }
        stream.shutdownSending()
        let patience = min(deadline, .now + .milliseconds(500))
        do throws(LoopError) {
            _ = try await stream.read(until: patience)
        } catch {
            if error.isTLS { throw error }
        }
    }
}

extension ProbeTarget {
    /// What a certificate must be beyond trusted.
    package struct CertificateExpectation: Hashable, Sendable {
        /// With less time left, the target counts as degraded.
        package var validFor: Duration?

        package init(validFor: Duration? = nil) { self.validFor = validFor }

        /// - Parameter now: seconds since 1970 UTC.
        package func judge(_ peer: TLSPeer, now: Int) -> Outcome.Result {
            guard let validFor, let first = peer.firstToExpire, let end = first.notAfter,
                end.subtractingReportingOverflow(now).partialValue < validFor.components.seconds
            else { return .up }
            let whose = first == peer.certificates.first ? "" : " of \(legible(first.subject))"
            return .degraded(
                "the certificate\(whose) expires \(TLSPeer.words(until: end, now: now)), "
                    + "expected: valid for \(TLSPeer.span(Int(validFor.components.seconds)))"
            )
        }
    }
}

extension TLSPeer {
    /// The one of the chain that ends it.
    fileprivate var firstToExpire: Certificate? {
        certificates.filter { $0.notAfter != nil }
            .min { ($0.notAfter ?? .max) < ($1.notAfter ?? .max) }
    }

    /// What on-call wants to know of it, in one line.
    package func words(now: Int) -> String {
        guard let own = certificates.first else { return version }
        var parts = [
            "\(version), certificate of \(own.subject.isEmpty ? "nobody" : legible(own.subject))"
        ]
        if let start = own.notBefore, start > now {
            parts.append(
                "valid from \(TLSPeer.date(start)) (\(TLSPeer.words(until: start, now: now)))"
            )
        }
        if let end = own.notAfter {
            let verb = end < now ? "expired" : "expires"
            parts.append("\(verb) \(TLSPeer.date(end)) (\(TLSPeer.words(until: end, now: now)))")
        }
        if let first = firstToExpire, let end = first.notAfter, end < own.notAfter ?? .max {
            let verb = end < now ? "expired" : "expires"
            parts.append("\(legible(first.subject)) in its chain \(verb) \(TLSPeer.date(end))")
        }
        parts.append("for \(own.names.isEmpty ? "no name" : some(own.names.map { legible($0) }))")
        let issuer = own.issuer.isEmpty ? "nobody" : legible(own.issuer)
        parts.append(own.issuer == own.subject ? "self-signed" : "by \(issuer)")
        let count = certificates.count
        parts.append("chain of \(count)")
        return parts.joined(separator: ", ")
    }

    fileprivate static func words(until end: Int, now: Int) -> String {
        let (left, overflow) = end.subtractingReportingOverflow(now)
        guard !overflow else { return end < now ? "long ago" : "in ages" }
        return left < 0 ? "\(span(Int(clamping: left.magnitude))) ago" : "in \(span(left))"
    }

    fileprivate static func span(_ seconds: Int) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) d"
        }
    }

    /// The day in UTC.
    private static func date(_ seconds: Int) -> String {
        var seconds = seconds
        var parts = tm()
        guard gmtime_r(&seconds, &parts) != nil else { return "at no date" }
        let (month, day) = (parts.tm_mon + 1, parts.tm_mday)
        return "\(Int(parts.tm_year) + 1900)-\(month < 10 ? "0" : "")\(month)-"
            + "\(day < 10 ? "0" : "")\(day)"
    }
}
