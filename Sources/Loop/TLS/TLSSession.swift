import COpenSSL

/// One connection's TLS: bytes of the wire in, plain bytes out, and back. It does no I/O.
@EventLoop
final class TLSSession {
    private let handle: SessionHandle
    private let context: TLSContext
    /// Handshake and records alike may be sealed once it is.
    private(set) var isEstablished = false
    /// Whether the peer has said anything at all.
    private(set) var hasHeard = false
    /// Why the peer's certificate was refused.
    private(set) var verifyFailure: String?
    /// What the peer showed when it was refused: OpenSSL forgets it then.
    private var refused: [TLSPeer.Certificate] = []
    /// The peer has asked for our certificate.
    var asksForCertificate = false

    /// - Parameter host: whom a client has connected to: a name, or a numeric address.
    init(_ context: TLSContext, host: String = "", protocols: [String] = []) throws(LoopError) {
        self.context = context
        handle = SessionHandle(try context.makeSession())
        SSL_set_ex_data(handle.pointer, 0, Unmanaged.passUnretained(self).toOpaque())
        if context.isServer {
            SSL_set_accept_state(handle.pointer)
        } else {
            try expect(context.settings.serverName ?? host)
            offer(protocols)
            SSL_set_connect_state(handle.pointer)
        }
    }

    // Isolated, so that the last release from any thread still frees the handle on the loop.
    isolated deinit {}

    private func expect(_ name: String) throws(LoopError) {
        let rules = SSL_get0_param(handle.pointer)
        if X509_VERIFY_PARAM_set1_ip_asc(rules, name) == 1 { return }
        guard !name.isEmpty, SSL_set1_host(handle.pointer, name) == 1,
            tls_set_server_name(handle.pointer, name) == 1
        else { throw .tls("\"\(name)\" is no name that a certificate could be for") }
    }

    private func offer(_ protocols: [String]) {
        let list = protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        if !list.isEmpty { SSL_set_alpn_protos(handle.pointer, list, UInt32(list.count)) }
    }

    var isServer: Bool { context.isServer }

    /// What an end means that the peer did not announce (RFC 8446 section 6.1): whoever cuts the
    /// connection can have cut off the last words. Clients of ours are the ones that read to the end;
    /// clients of others seldom say goodbye, and their requests tell their own length.
    var truncation: LoopError? {
        isServer
            ? nil
            : LoopError(
                .closed,
                "TLS: the connection ended without close_notify, so what came may be cut short"
            )
    }

    /// What both sides agreed on (RFC 7301); nil: nothing.
    var chosenProtocol: String? {
        var start: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(handle.pointer, &start, &count)
        guard count > 0 else { return nil }
        return String(decoding: UnsafeBufferPointer(start: start, count: Int(count)), as: UTF8.self)
    }

    /// The names in the peer's certificate, which has been verified; none if it showed none.
    var peerNames: [String] {
        guard isEstablished, SSL_get_verify_result(handle.pointer) == Int(X509_V_OK),
            let certificate = SSL_get1_peer_certificate(handle.pointer)
        else { return [] }
        defer { X509_free(certificate) }
        return CertificateWords.names(certificate)
    }

    /// What the peer has shown so far, also when it was refused; nil: no certificate.
    var peer: TLSPeer? {
        var chain = refused
        if chain.isEmpty {
            chain = TLSPeer.Certificate.chain(SSL_get_peer_cert_chain(handle.pointer))
        }
        guard !chain.isEmpty, let version = SSL_get_version(handle.pointer) else { return nil }
        return TLSPeer(
            version: String(cString: version),
            certificates: chain,
            asksForCertificate: asksForCertificate
        )
    }

    /// The peer's certificate is not accepted. Only the first reason counts.
    func refuse(_ words: String, _ chain: [TLSPeer.Certificate]) {
        guard verifyFailure == nil else { return }
        verifyFailure = words
        refused = chain
    }

    // MARK: Bytes

    /// Begins a client's handshake.
    func start() throws(LoopError) { try handshake() }

    /// Takes bytes of the wire.
    func feed(_ bytes: UnsafeRawBufferPointer) throws(LoopError) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        hasHeard = true
        guard BIO_write(handle.input, start, Int32(bytes.count)) == Int32(bytes.count) else {
            throw .tls("out of memory")
        }
        if !isEstablished { try handshake() }
    }

    /// Hands out what the bytes fed so far say, until `deliver` has enough.
    /// - Returns: false once the peer has said that it will send no more.
    func open(_ deliver: (UnsafeRawBufferPointer) -> Bool) throws(LoopError) -> Bool {
        guard isEstablished else { return true }
        let buffer = TLSSession.buffer
        while true {
            ERR_clear_error()
            let count = SSL_read(handle.pointer, buffer.baseAddress, Int32(buffer.count))
            if count > 0 {
                let plain = UnsafeRawBufferPointer(rebasing: buffer[..<Int(count)])
                guard deliver(plain) else { return true }
                continue
            }
            switch SSL_get_error(handle.pointer, count) {
            case SSL_ERROR_WANT_READ: return true
            case SSL_ERROR_ZERO_RETURN: return false
            default: throw failure()
            }
        }
    }

    /// Seals plain bytes; only once established.
    func seal(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else { return }
        ERR_clear_error()
        // A memory BIO takes everything: there is no short write.
        _ = SSL_write(handle.pointer, bytes.baseAddress, Int32(bytes.count))
    }

    /// Tells the peer that nothing more will come (close_notify).
    func finish() {
        guard isEstablished else { return }
        ERR_clear_error()
        SSL_shutdown(handle.pointer)
    }

    /// Moves what is to be sent to the end of `bytes`.
    func takeOutput(into bytes: inout [UInt8]) {
        var start: UnsafeMutablePointer<CChar>?
        let count = tls_bio_bytes(handle.output, &start)
        guard count > 0, let start else { return }
        bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count))
        _ = tls_bio_reset(handle.output)
    }

    private func handshake() throws(LoopError) {
        ERR_clear_error()
        let answer = SSL_do_handshake(handle.pointer)
        if answer == 1 {
            isEstablished = true
        } else if SSL_get_error(handle.pointer, answer) != SSL_ERROR_WANT_READ {
            throw failure()
        }
    }

    private func failure() -> LoopError {
        if let verifyFailure { return LoopError(.tlsVerify, verifyFailure) }
        return .tlsFailure(ERR_get_error(), byServer: context.isServer)
    }

    /// Where plain bytes are put for the call that they are handed to.
    private static let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: 16384,
        alignment: 16
    )
}

/// Owns an `SSL` with its two memory BIOs.
private struct SessionHandle: ~Copyable {
    let pointer: OpaquePointer
    let input: OpaquePointer?
    let output: OpaquePointer?

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
        input = BIO_new(BIO_s_mem())
        output = BIO_new(BIO_s_mem())
        SSL_set_bio(pointer, input, output)
    }

    deinit { SSL_free(pointer) }
}
