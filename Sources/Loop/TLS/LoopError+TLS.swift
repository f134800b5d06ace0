import COpenSSL
import Glibc

extension LoopError {
    static func tls(_ message: String) -> LoopError { LoopError(.tlsHandshake, message) }

    /// A file that cannot be used, with OpenSSL's own word on it.
    static func tlsFile(_ what: String, _ path: String) -> LoopError {
        // The first error is the cause; those after it say who met it.
        let error = ERR_get_error()
        ERR_clear_error()
        var why = "it is not in PEM"
        if tls_error_is_system(error) != 0 {
            why = String(cString: strerror(tls_error_reason(error)))
        } else if let words = ERR_reason_error_string(error) {
            why = String(cString: words)
        }
        return LoopError(.tlsFiles, "\(what) in \(path) cannot be used: \(why)")
    }

    /// What a handshake or a record failed of.
    static func tlsFailure(_ error: UInt, byServer: Bool) -> LoopError {
        guard tls_error_is_tls(error) != 0 else { return .tls("TLS: the connection broke") }
        let reason = tls_error_reason(error)
        switch reason {
        case SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST:
            return .tls("TLS: the peer speaks plain HTTP")
        case SSL_R_WRONG_VERSION_NUMBER, SSL_R_PACKET_LENGTH_TOO_LONG:
            return .tls("TLS: the peer does not speak TLS")
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
            return LoopError(.tlsVerify, "TLS: the client showed no certificate")
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_VERSION_TOO_LOW:
            return .tls("TLS: the peer has no version from 1.2 on")
        case 1000...1255:  // SSL_AD_REASON_OFFSET: the peer's alert
            let alert = reason - 1000
            let words = SSL_alert_desc_string_long(alert).map { String(cString: $0) } ?? "\(alert)"
            return LoopError(
                certificateAlerts.contains(alert) ? .tlsVerify : .tlsHandshake,
                "TLS: the \(byServer ? "client" : "server") refused: "
                    + (alert == 116 ? "certificate required" : words)
            )
        default:
            let words = ERR_reason_error_string(error).map { String(cString: $0) }
            return .tls("TLS: \(words ?? "error \(error)")")
        }
    }
}

/// Alerts that tell of a certificate (RFC 8446 section 6.2): bad, unsupported, revoked, expired,
/// unknown, of an unknown authority, required.
private let certificateAlerts: Set<Int32> = [42, 43, 44, 45, 46, 48, 116]
