import Loop

/// A connection that a session tells what nghttp2 finds in the bytes it is fed. Its methods are
/// called from within `receive`, where it may submit, but must not feed or drain the session.
///
/// A class, not a protocol: nghttp2 keeps the pointer to it, and a call costs no reference count.
@EventLoop
class HTTP2SessionOwner {
    /// `isRequest`: it opens the stream; else a response head, or trailers.
    func headersBegan(_ stream: Int32, isRequest: Bool) {}
    func header(
        _ stream: Int32,
        _ name: UnsafeBufferPointer<UInt8>,
        _ value: UnsafeBufferPointer<UInt8>
    ) -> HTTP2FieldAnswer { .resetsStream }
    /// A block of fields is complete: a head, a response head, or trailers.
    func headersEnded(_ stream: Int32, endStream: Bool) {}
    func data(_ stream: Int32, _ bytes: UnsafeRawBufferPointer) {}
    /// The peer has ended its side by a DATA frame.
    func dataEnded(_ stream: Int32) {}
    func streamClosed(_ stream: Int32, _ context: UnsafeMutableRawPointer?, code: UInt32) {}
    /// The peer resets the stream; `streamClosed` follows.
    func resetReceived(_ stream: Int32) {}
    func goAway(last: Int32, code: UInt32) {}
    /// A frame that carries nothing of a request or an answer. False: no more of it, `receive` fails.
    func idleFrame() -> Bool { true }
    /// A frame that nghttp2 refuses, by its code; the stream or the connection ends by it.
    func invalidFrame(_ code: Int32) {}
    /// Writes up to `buffer.count` bytes of a body.
    func body(
        _ stream: Int32,
        _ context: UnsafeMutableRawPointer?,
        into buffer: UnsafeMutableRawBufferPointer
    ) -> HTTP2BodyPiece { .failed }
}

/// What becomes of a stream with such a field.
enum HTTP2FieldAnswer {
    case goesOn
    case resetsStream
    /// `receive` fails.
    case endsConnection
}

/// What a body source had to give.
enum HTTP2BodyPiece {
    case bytes(Int)
    case last(Int)
    /// The last bytes, with trailers to follow, which were submitted in the call.
    case lastBeforeTrailers(Int)
    /// Nothing now; `resume` when there is.
    case later
    case failed
}
