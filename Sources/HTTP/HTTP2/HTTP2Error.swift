import CNghttp2

/// A failure of an HTTP/2 connection, in nghttp2's own terms.
struct HTTP2Error: Error, Hashable, CustomStringConvertible {
    let code: Int32

    /// nghttp2 itself saw a flood: of frames it would have to answer, or of CONTINUATION frames.
    var isFlood: Bool {
        [NGHTTP2_ERR_FLOODED, NGHTTP2_ERR_TOO_MANY_SETTINGS, NGHTTP2_ERR_TOO_MANY_CONTINUATIONS]
            .contains { $0.rawValue == code }
    }
    var isRefusedStream: Bool { code == NGHTTP2_ERR_REFUSED_STREAM.rawValue }

    var description: String { String(cString: nghttp2_strerror(code)) }
}

/// Throws when nghttp2 answers with a negative code; otherwise passes the answer on.
@discardableResult
func check<Answer: BinaryInteger>(_ answer: Answer) throws(HTTP2Error) -> Answer {
    guard answer >= 0 else { throw HTTP2Error(code: Int32(truncatingIfNeeded: answer)) }
    return answer
}

/// Codes of RST_STREAM and GOAWAY (RFC 9113 section 7).
enum HTTP2Code {
    static let refusedStream = NGHTTP2_REFUSED_STREAM.rawValue
    static let cancel = NGHTTP2_CANCEL.rawValue
    static let enhanceYourCalm = NGHTTP2_ENHANCE_YOUR_CALM.rawValue

    /// As the RFC writes it; `unknown` for a code it does not know.
    static func name(_ code: UInt32) -> String { String(cString: nghttp2_http2_strerror(code)) }
}
