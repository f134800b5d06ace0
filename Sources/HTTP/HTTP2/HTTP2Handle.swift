import CNghttp2
import Loop

/// Owns a `nghttp2_session`.
struct HTTP2Handle: ~Copyable {
    let pointer: OpaquePointer
    /// Asks the owner for a part of a body.
    static var readCallback: nghttp2_data_source_read_callback { onRead }

    init(isServer: Bool) throws(HTTP2Error) {
        var callbacks: OpaquePointer?
        try check(nghttp2_session_callbacks_new(&callbacks))
        defer { nghttp2_session_callbacks_del(callbacks) }
        nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, onBeginFrame)
        nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, onBeginHeaders)
        nghttp2_session_callbacks_set_on_header_callback(callbacks, onHeader)
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, onFrame)
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, onData)
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, onStreamClose)
        nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks, onInvalidFrame)

        var options: OpaquePointer?
        try check(nghttp2_option_new(&options))
        defer { nghttp2_option_del(options) }
        nghttp2_option_set_no_auto_window_update(options, 1)
        nghttp2_option_set_peer_max_concurrent_streams(options, 100)
        // Closed streams are remembered only to judge late frames and priorities; we need neither.
        nghttp2_option_set_no_closed_streams(options, 1)
        // A grpc-message ends with a space where the server's words do: gRPC's own servers send it so.
        if !isServer {
            nghttp2_option_set_no_rfc9113_leading_and_trailing_ws_validation(options, 1)
        }

        var pointer: OpaquePointer?
        try check(
            isServer
                ? nghttp2_session_server_new2(&pointer, callbacks, nil, options)
                : nghttp2_session_client_new2(&pointer, callbacks, nil, options)
        )
        guard let pointer else { throw HTTP2Error(code: NGHTTP2_ERR_NOMEM.rawValue) }
        self.pointer = pointer
    }

    deinit { nghttp2_session_del(pointer) }
}

// MARK: - Callbacks
// They come on the loop, from within a call that the owner made and so outlives: nothing is checked
// and nothing retained, which counts at each frame of a poll. The isolated functions are called in
// their plain forms, as `MainActor.assumeIsolated` does it, but without a closure made: each cast below
// takes the isolation off a function's type and changes nothing else of it, so no input can make it trap.

private typealias Owner = HTTP2SessionOwner

private func owner(_ context: UnsafeMutableRawPointer?) -> Unmanaged<Owner>? {
    context.map { Unmanaged.fromOpaque($0) }
}

private let ok: Int32 = 0

private typealias Bytes = UnsafeBufferPointer<UInt8>

/// nghttp2 bounds the size of every frame but this one's (RFC 9113 section 4.2).
private func onBeginFrame(
    handle: OpaquePointer?,
    head: UnsafePointer<nghttp2_frame_hd>?,
    _: UnsafeMutableRawPointer?
) -> Int32 {
    guard let head = head?.pointee, UInt32(head.type) == NGHTTP2_CONTINUATION.rawValue,
        head.length > 16384
    else { return ok }
    return nghttp2_session_terminate_session(handle, NGHTTP2_FRAME_SIZE_ERROR.rawValue)
}

private let headersBegan = unsafeBitCast(
    { (owner: Owner, stream: Int32, isRequest: Bool) in
        owner.headersBegan(stream, isRequest: isRequest)
    } as @EventLoop @Sendable (Owner, Int32, Bool) -> Void,
    to: (@Sendable (Owner, Int32, Bool) -> Void).self
)

private func onBeginHeaders(
    _: OpaquePointer?,
    frame: UnsafePointer<nghttp2_frame>?,
    context: UnsafeMutableRawPointer?
) -> Int32 {
    guard let frame else { return ok }
    let isRequest = frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST
    owner(context)?._withUnsafeGuaranteedRef {
        headersBegan($0, frame.pointee.hd.stream_id, isRequest)
    }
    return ok
}

private let header = unsafeBitCast(
    {
        (owner: Owner, stream: Int32, name: Bytes, value: Bytes) in
        owner.header(stream, name, value)
    } as @EventLoop @Sendable (Owner, Int32, Bytes, Bytes) -> HTTP2FieldAnswer,
    to: (@Sendable (Owner, Int32, Bytes, Bytes) -> HTTP2FieldAnswer).self
)

private func onHeader(
    _: OpaquePointer?,
    frame: UnsafePointer<nghttp2_frame>?,
    name: UnsafePointer<UInt8>?,
    nameLength: Int,
    value: UnsafePointer<UInt8>?,
    valueLength: Int,
    _: UInt8,
    context: UnsafeMutableRawPointer?
) -> Int32 {
    guard let frame else { return ok }
    let name = Bytes(start: name, count: nameLength)
    let value = Bytes(start: value, count: valueLength)
    let answer = owner(context)?._withUnsafeGuaranteedRef {
        header($0, frame.pointee.hd.stream_id, name, value)
    }
    return switch answer {
    case .goesOn: ok
    case .resetsStream, nil: NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue
    case .endsConnection: NGHTTP2_ERR_CALLBACK_FAILURE.rawValue
    }
}

private let frameReceived = unsafeBitCast(
    {
        (owner: Owner, frame: UnsafePointer<nghttp2_frame>) in
        let head = frame.pointee.hd
        let ends = head.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
        switch UInt32(head.type) {
        case NGHTTP2_HEADERS.rawValue: owner.headersEnded(head.stream_id, endStream: ends)
        case NGHTTP2_DATA.rawValue:
            // Padding is all there is to some.
            let isEmpty = head.length <= frame.pointee.data.padlen
            if ends { owner.dataEnded(head.stream_id) } else if isEmpty { return owner.idleFrame() }
        case NGHTTP2_GOAWAY.rawValue:
            let goAway = frame.pointee.goaway
            owner.goAway(last: goAway.last_stream_id, code: goAway.error_code)
            return owner.idleFrame()
        case NGHTTP2_RST_STREAM.rawValue:
            owner.resetReceived(head.stream_id)
            return owner.idleFrame()
        default: return owner.idleFrame()
        }
        return true
    } as @EventLoop @Sendable (Owner, UnsafePointer<nghttp2_frame>) -> Bool,
    to: (@Sendable (Owner, UnsafePointer<nghttp2_frame>) -> Bool).self
)

private func onFrame(
    _: OpaquePointer?,
    frame: UnsafePointer<nghttp2_frame>?,
    context: UnsafeMutableRawPointer?
) -> Int32 {
    guard let frame else { return ok }
    let goesOn = owner(context)?._withUnsafeGuaranteedRef { frameReceived($0, frame) }
    return goesOn == true ? ok : NGHTTP2_ERR_CALLBACK_FAILURE.rawValue
}

private func onInvalidFrame(
    _: OpaquePointer?,
    _: UnsafePointer<nghttp2_frame>?,
    code: Int32,
    context: UnsafeMutableRawPointer?
) -> Int32 {
    // Rare, so the plain way of saying that we are on the loop.
    if let owner = owner(context) {
        EventLoop.assumeIsolated { owner.takeUnretainedValue().invalidFrame(code) }
    }
    return ok
}

private let data = unsafeBitCast(
    {
        (owner: Owner, stream: Int32, bytes: UnsafeRawBufferPointer) in
        owner.data(stream, bytes)
    } as @EventLoop @Sendable (Owner, Int32, UnsafeRawBufferPointer) -> Void,
    to: (@Sendable (Owner, Int32, UnsafeRawBufferPointer) -> Void).self
)

private func onData(
    _: OpaquePointer?,
    _: UInt8,
    stream: Int32,
    bytes: UnsafePointer<UInt8>?,
    count: Int,
    context: UnsafeMutableRawPointer?
) -> Int32 {
    let bytes = UnsafeRawBufferPointer(start: bytes, count: count)
    owner(context)?._withUnsafeGuaranteedRef { data($0, stream, bytes) }
    return ok
}

private let streamClosed = unsafeBitCast(
    {
        (owner: Owner, stream: Int32, context: UnsafeMutableRawPointer?, code: UInt32) in
        owner.streamClosed(stream, context, code: code)
    } as @EventLoop @Sendable (Owner, Int32, UnsafeMutableRawPointer?, UInt32) -> Void,
    to: (@Sendable (Owner, Int32, UnsafeMutableRawPointer?, UInt32) -> Void).self
)

private func onStreamClose(
    handle: OpaquePointer?,
    stream: Int32,
    code: UInt32,
    context: UnsafeMutableRawPointer?
) -> Int32 {
    let streamContext = nghttp2_session_get_stream_user_data(handle, stream)
    owner(context)?._withUnsafeGuaranteedRef { streamClosed($0, stream, streamContext, code) }
    return ok
}

private let body = unsafeBitCast(
    {
        (
            owner: Owner,
            stream: Int32,
            context: UnsafeMutableRawPointer?,
            buffer: UnsafeMutableRawBufferPointer
        ) in
        owner.body(stream, context, into: buffer)
    }
        as @EventLoop @Sendable (
            Owner, Int32, UnsafeMutableRawPointer?, UnsafeMutableRawBufferPointer
        ) -> HTTP2BodyPiece,
    to: (@Sendable (Owner, Int32, UnsafeMutableRawPointer?, UnsafeMutableRawBufferPointer) ->
        HTTP2BodyPiece).self
)

private func onRead(
    handle: OpaquePointer?,
    stream: Int32,
    buffer: UnsafeMutablePointer<UInt8>?,
    count: Int,
    flags: UnsafeMutablePointer<UInt32>?,
    _: UnsafeMutablePointer<nghttp2_data_source>?,
    context: UnsafeMutableRawPointer?
) -> Int {
    let streamContext = nghttp2_session_get_stream_user_data(handle, stream)
    let target = UnsafeMutableRawBufferPointer(start: buffer, count: count)
    let piece = owner(context)?._withUnsafeGuaranteedRef { body($0, stream, streamContext, target) }
    let end = NGHTTP2_DATA_FLAG_EOF.rawValue
    switch piece {
    case .bytes(let count): return count
    case .last(let count):
        flags?.pointee |= UInt32(end)
        return count
    case .lastBeforeTrailers(let count):
        flags?.pointee |= UInt32(end) | UInt32(NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue)
        return count
    case .later: return Int(NGHTTP2_ERR_DEFERRED.rawValue)
    case .failed, nil: return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
    }
}
