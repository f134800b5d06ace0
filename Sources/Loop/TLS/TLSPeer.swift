import COpenSSL
import Glibc

/// What a peer has shown in a handshake over TLS, whether or not it was believed.
package struct TLSPeer: Hashable, Sendable {
    /// As OpenSSL names it: `TLSv1.3`.
    package var version: String
    /// The peer's own certificate, then those that lead to its authority, as they were sent.
    package var certificates: [Certificate]
    /// It asked for a certificate of ours.
    package var asksForCertificate: Bool

    package struct Certificate: Hashable, Sendable {
        /// The common name; empty if there is none.
        package var subject: String
        /// The alternative names, else the common name.
        package var names: [String]
        /// Whose signature it bears, by the common name.
        package var issuer: String
        /// From when and until when it is valid, in seconds since 1970 UTC; nil: in no form of time.
        package var notBefore: Int?
        package var notAfter: Int?

        package init(
            subject: String,
            names: [String] = [],
            issuer: String,
            notBefore: Int? = nil,
            notAfter: Int? = nil
        ) {
            self.subject = subject
            self.names = names
            self.issuer = issuer
            self.notBefore = notBefore
            self.notAfter = notAfter
        }
    }

    package init(version: String, certificates: [Certificate], asksForCertificate: Bool = false) {
        self.version = version
        self.certificates = certificates
        self.asksForCertificate = asksForCertificate
    }
}

extension TLSPeer.Certificate {
    init(_ certificate: OpaquePointer) {
        self.init(
            subject: CertificateWords.commonName(X509_get_subject_name(certificate)) ?? "",
            names: CertificateWords.names(certificate),
            issuer: CertificateWords.commonName(X509_get_issuer_name(certificate)) ?? "",
            notBefore: seconds(X509_get0_notBefore(certificate)),
            notAfter: seconds(X509_get0_notAfter(certificate))
        )
    }

    /// A longer chain is no peer's honest one.
    private static let most: Int32 = 10

    static func chain(_ list: OpaquePointer?) -> [TLSPeer.Certificate] {
        guard let list else { return [] }
        return (0..<min(most, max(0, tls_certificate_count(list)))).compactMap { index in
            tls_certificate(list, index).map(TLSPeer.Certificate.init)
        }
    }
}

extension Channel {
    /// What the peer has shown so far, also after a handshake that failed; nil: no certificate.
    package var tlsPeer: TLSPeer? { tls?.peer }
}

private func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int? {
    var parts = tm()
    guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
    return timegm(&parts)
}
