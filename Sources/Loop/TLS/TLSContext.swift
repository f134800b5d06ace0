import COpenSSL

/// Certificates and rules that connections of one kind share, as they were when it was made: a
/// renewed certificate wants a new context, and connections that are open stay with the old one.
///
/// TLS 1.2 at the least, no renegotiation, ALPN (RFC 7301) on both sides.
@EventLoop
package final class TLSContext {
    package let settings: TLSSettings
    private let handle: ContextHandle
    let isServer: Bool

    private init(_ settings: TLSSettings, _ handle: consuming ContextHandle, isServer: Bool) {
        self.settings = settings
        self.handle = handle
        self.isServer = isServer
    }

    isolated deinit {}

    /// For a port that speaks HTTP/2 and HTTP/1.1.
    package static func server(_ settings: TLSSettings) throws(LoopError) -> TLSContext {
        guard let certificate = settings.certificate, let key = settings.key else {
            throw LoopError(.tlsFiles, "TLS on a port needs a certificate and a key")
        }
        let handle = try ContextHandle(isServer: true)
        try handle.use(certificate: certificate, key: key)
        if let authorities = settings.authorities {
            try handle.trust(authorities)
            try handle.announce(authorities)
            let mode = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
            SSL_CTX_set_verify(handle.pointer, mode, onVerify)
        }
        // Without one, OpenSSL fails each handshake that resumes a session for which it had asked the
        // client for a certificate (SSL_CTX_set_session_id_context(3)).
        SSL_CTX_set_session_id_context(handle.pointer, sessionContext, UInt32(sessionContext.count))
        SSL_CTX_set_alpn_select_cb(handle.pointer, onProtocols, nil)
        return TLSContext(settings, handle, isServer: true)
    }

    package static func client(_ settings: TLSSettings) throws(LoopError) -> TLSContext {
        let handle = try ContextHandle(isServer: false)
        if let authorities = settings.authorities {
            try handle.trust(authorities)
        } else if settings.verifies, SSL_CTX_set_default_verify_paths(handle.pointer) != 1 {
            throw LoopError(.tlsFiles, "the system's certificate authorities cannot be read")
        }
        if let certificate = settings.certificate {
            guard let key = settings.key else {
                throw LoopError(.tlsFiles, "\(certificate) needs its key")
            }
            try handle.use(certificate: certificate, key: key)
        }
        if settings.verifies {
            SSL_CTX_set_verify(handle.pointer, SSL_VERIFY_PEER, onVerify)
        } else {
            SSL_CTX_set_verify(handle.pointer, SSL_VERIFY_NONE, nil)
        }
        SSL_CTX_set_cert_cb(handle.pointer, onCertificateRequest, nil)
        return TLSContext(settings, handle, isServer: false)
    }

    func makeSession() throws(LoopError) -> OpaquePointer {
        guard let session = SSL_new(handle.pointer) else { throw .tls("a session cannot be made") }
        return session
    }
}

/// Owns an `SSL_CTX`.
private struct ContextHandle: ~Copyable {
    let pointer: OpaquePointer

    init(isServer: Bool) throws(LoopError) {
        ERR_clear_error()
        guard let pointer = SSL_CTX_new(isServer ? TLS_server_method() : TLS_client_method()) else {
            throw .tls("TLS cannot be set up")
        }
        self.pointer = pointer
        _ = tls_set_minimum(pointer, TLS1_2_VERSION)
        tls_set_modes(pointer)
        SSL_CTX_set_options(pointer, noRenegotiation)
        SSL_CTX_set_default_passwd_cb(pointer, onPassphrase)
    }

    func use(certificate: String, key: String) throws(LoopError) {
        ERR_clear_error()
        guard SSL_CTX_use_certificate_chain_file(pointer, certificate) == 1 else {
            throw .tlsFile("the certificate", certificate)
        }
        guard SSL_CTX_use_PrivateKey_file(pointer, key, SSL_FILETYPE_PEM) == 1 else {
            guard tls_error_reason(ERR_peek_error()) != X509_R_KEY_VALUES_MISMATCH else {
                throw LoopError(.tlsFiles, "the key in \(key) is not that of \(certificate)")
            }
            throw .tlsFile("the key", key)
        }
        // Of another kind than the certificate's, it has only been put beside it.
        guard SSL_CTX_check_private_key(pointer) == 1 else {
            throw LoopError(.tlsFiles, "the key in \(key) is not that of \(certificate)")
        }
    }

    func trust(_ authorities: String) throws(LoopError) {
        ERR_clear_error()
        guard SSL_CTX_load_verify_file(pointer, authorities) == 1 else {
            throw .tlsFile("certificate authorities", authorities)
        }
    }

    /// Tells clients from whom their certificate must be.
    func announce(_ authorities: String) throws(LoopError) {
        guard let names = SSL_load_client_CA_file(authorities) else {
            throw .tlsFile("certificate authorities", authorities)
        }
        SSL_CTX_set_client_CA_list(pointer, names)
    }

    deinit { SSL_CTX_free(pointer) }
}

private let noRenegotiation: UInt64 = 1 << 30  // SSL_OP_NO_RENEGOTIATION, a macro

private let sessionContext = Array("healthgate".utf8)

/// The name of a protocol after its length, as ALPN lists them.
private let offered: [UInt8] = [2] + Array("h2".utf8) + [8] + Array("http/1.1".utf8)

// MARK: - Callbacks

/// HTTP/2 before HTTP/1.1. A client that offers neither is turned away (RFC 7301 section 3.2).
private func onProtocols(
    _: OpaquePointer?,
    chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    chosenCount: UnsafeMutablePointer<UInt8>?,
    theirs: UnsafePointer<UInt8>?,
    theirCount: UInt32,
    _: UnsafeMutableRawPointer?
) -> Int32 {
    guard let chosen, let chosenCount, let theirs else { return SSL_TLSEXT_ERR_ALERT_FATAL }
    let list = UnsafeBufferPointer(start: theirs, count: Int(theirCount))
    for wanted in [offered[1..<3], offered[4...]] {
        var at = 0
        while at < list.count {
            let end = at + 1 + Int(list[at])
            guard end <= list.count else { break }
            if list[(at + 1)..<end].elementsEqual(wanted) {
                chosen.pointee = theirs + at + 1
                chosenCount.pointee = list[at]
                return SSL_TLSEXT_ERR_OK
            }
            at = end
        }
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL
}

/// A key that wants a passphrase is an error, not a prompt on somebody's terminal.
private func onPassphrase(
    _: UnsafeMutablePointer<CChar>?,
    _: Int32,
    _: Int32,
    _: UnsafeMutableRawPointer?
) -> Int32 { -1 }

/// Notes in words what is wrong with a peer's certificate, while it is at hand.
private func onVerify(isGood: Int32, store: OpaquePointer?) -> Int32 {
    guard isGood == 0, let store else { return isGood }
    let index = SSL_get_ex_data_X509_STORE_CTX_idx()
    guard let session = X509_STORE_CTX_get_ex_data(store, index),
        let context = SSL_get_ex_data(OpaquePointer(session), 0)
    else { return isGood }
    let owner = Unmanaged<TLSSession>.fromOpaque(context).takeUnretainedValue()
    let words = CertificateWords.failure(
        X509_STORE_CTX_get_error(store),
        of: X509_STORE_CTX_get_current_cert(store)
    )
    let chain = TLSPeer.Certificate.chain(X509_STORE_CTX_get0_untrusted(store))
    EventLoop.assumeIsolated { owner.refuse(words, chain) }
    return isGood
}

/// The server wants to know who we are; what we have to show is set already.
private func onCertificateRequest(session: OpaquePointer?, _: UnsafeMutableRawPointer?) -> Int32 {
    if let session, let context = SSL_get_ex_data(session, 0) {
        let owner = Unmanaged<TLSSession>.fromOpaque(context).takeUnretainedValue()
        EventLoop.assumeIsolated { owner.asksForCertificate = true }
    }
    return 1
}
