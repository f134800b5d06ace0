import CNghttp2

/// A failure of an HTTP/2 connection, in nghttp2's own terms.
struct HTTP2Error: Error, Hashable, CustomStringConvertible {
    let code: Int32

    var description: String { String(cString: nghttp2_strerror(code)) }
}

/// Throws when nghttp2 answers with a negative code; otherwise passes the answer on.
@discardableResult
func check<Answer: BinaryInteger>(_ answer: Answer) throws(HTTP2Error) -> Answer {
    guard answer >= 0 else { throw HTTP2Error(code: Int32(truncatingIfNeeded: answer)) }
    return answer
}
