import COpenSSL
import Glibc

/// What a certificate says, and what is wrong with one, for people.
enum CertificateWords {
    /// - Parameter error: an `X509_V_ERR_` code.
    static func failure(_ error: Int32, of certificate: OpaquePointer?) -> String {
        switch error {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return "the certificate\(subject(certificate)) expired\(end(certificate))"
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return "the certificate\(subject(certificate)) is not valid yet"
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            let names = certificate.map(names) ?? []
            return "the certificate is for another name: "
                + (names.isEmpty ? "it names nobody" : names.joined(separator: ", "))
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            return
                "the certificate\(subject(certificate)) comes from an authority that is not trusted"
                + " here\(issuer(certificate))"
        default:
            let words = X509_verify_cert_error_string(Int(error)).map { String(cString: $0) }
            return "the certificate\(subject(certificate)) is refused: \(words ?? "error \(error)")"
        }
    }

    /// The alternative names of a certificate, and its subject's common name if it has none.
    static func names(_ certificate: OpaquePointer) -> [String] {
        var found: [String] = []
        if let list = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) {
            let names = OpaquePointer(list)
            defer { GENERAL_NAMES_free(names) }
            for index in 0..<tls_name_count(names) {
                guard let name = tls_name(names, index) else { continue }
                if let text = tls_name_text(name) {
                    found.append(String(decoding: bytes(text), as: UTF8.self))
                } else if let ip = tls_name_ip(name) {
                    found.append(address(bytes(ip)))
                }
            }
        }
        if found.isEmpty, let name = commonName(X509_get_subject_name(certificate)) {
            found.append(name)
        }
        return found
    }

    private static func subject(_ certificate: OpaquePointer?) -> String {
        guard let certificate, let name = commonName(X509_get_subject_name(certificate)) else {
            return ""
        }
        return " of \(name)"
    }

    private static func issuer(_ certificate: OpaquePointer?) -> String {
        guard let certificate, let name = commonName(X509_get_issuer_name(certificate)) else {
            return ""
        }
        return ": \(name)"
    }

    private static func end(_ certificate: OpaquePointer?) -> String {
        guard let certificate, let time = X509_get0_notAfter(certificate),
            let bio = BIO_new(BIO_s_mem())
        else { return "" }
        defer { BIO_free(bio) }
        guard ASN1_TIME_print(bio, time) == 1 else { return "" }
        var start: UnsafeMutablePointer<CChar>?
        let count = tls_bio_bytes(bio, &start)
        let text = UnsafeRawBufferPointer(start: start, count: max(0, count))
        return " at \(String(decoding: text, as: UTF8.self))"
    }

    static func commonName(_ name: OpaquePointer?) -> String? {
        let index = X509_NAME_get_index_by_NID(name, NID_commonName, -1)
        guard index >= 0, let entry = X509_NAME_get_entry(name, index),
            let text = X509_NAME_ENTRY_get_data(entry)
        else { return nil }
        return String(decoding: bytes(text), as: UTF8.self)
    }

    private static func bytes(_ text: UnsafePointer<ASN1_STRING>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: ASN1_STRING_get0_data(text),
            count: Int(ASN1_STRING_length(text))
        )
    }

    private static func address(_ bytes: UnsafeRawBufferPointer) -> String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard bytes.count == 4 || bytes.count == 16,
            inet_ntop(family, bytes.baseAddress, &text, socklen_t(text.count)) != nil
        else { return "an address of \(bytes.count) bytes" }
        return String(
            decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
    }
}
