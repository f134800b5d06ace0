import CNghttp2
import Loop

/// One HTTP/2 connection's protocol state on nghttp2. It does no I/O: bytes in, bytes out.
@EventLoop
final class HTTP2Session {
    private let handle: HTTP2Handle

    /// The owner outlives the session, and holds itself while it feeds it.
    init(isServer: Bool, owner: HTTP2SessionOwner) throws(HTTP2Error) {
        handle = try HTTP2Handle(isServer: isServer)
        nghttp2_session_set_user_data(handle.pointer, Unmanaged.passUnretained(owner).toOpaque())
    }

    // Isolated, so that the last release from any thread still frees the handle on the loop.
    isolated deinit {}

    /// Announces our settings, and widens the connection's window to the same size as a stream's.
    func start(maxStreams: Int, window: Int32) throws(HTTP2Error) {
        var settings = [
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS.rawValue),
                value: UInt32(maxStreams)
            ),
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE.rawValue),
                value: UInt32(window)
            ),
        ]
        try check(
            nghttp2_submit_settings(
                handle.pointer,
                UInt8(NGHTTP2_FLAG_NONE.rawValue),
                &settings,
                settings.count
            )
        )
        try check(
            nghttp2_session_set_local_window_size(
                handle.pointer,
                UInt8(NGHTTP2_FLAG_NONE.rawValue),
                0,
                window
            )
        )
    }

    /// Feeds received bytes to nghttp2, which calls the owner synchronously.
    func receive(_ bytes: UnsafeRawBufferPointer) throws(HTTP2Error) {
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        try check(nghttp2_session_mem_recv(handle.pointer, start, bytes.count))
    }

    /// Hands out what is to be sent, piece by piece, until nothing is left or `body` has enough.
    func drain(_ body: (UnsafeRawBufferPointer) -> Bool) throws(HTTP2Error) {
        while true {
            var start: UnsafePointer<UInt8>?
            let count = try check(nghttp2_session_mem_send(handle.pointer, &start))
            guard count > 0, body(UnsafeRawBufferPointer(start: start, count: count)) else {
                return
            }
        }
    }

    /// Neither side has anything left to say: the connection should be closed.
    var isFinished: Bool {
        nghttp2_session_want_read(handle.pointer) == 0
            && nghttp2_session_want_write(handle.pointer) == 0
    }

    /// Submits a response head; with `hasBody` the owner is asked for the bytes.
    func respond(_ stream: Int32, _ head: HeaderList, hasBody: Bool) throws(HTTP2Error) {
        var source = nghttp2_data_provider()
        source.read_callback = HTTP2Handle.readCallback
        try check(
            hasBody
                ? nghttp2_submit_response(
                    handle.pointer,
                    stream,
                    head.fields.baseAddress,
                    head.count,
                    &source
                )
                : nghttp2_submit_response(
                    handle.pointer,
                    stream,
                    head.fields.baseAddress,
                    head.count,
                    nil
                )
        )
    }

    /// Opens a stream for a request and returns its number.
    func request(
        _ head: HeaderList,
        hasBody: Bool,
        context: UnsafeMutableRawPointer?
    ) throws(HTTP2Error) -> Int32 {
        var source = nghttp2_data_provider()
        source.read_callback = HTTP2Handle.readCallback
        return try check(
            hasBody
                ? nghttp2_submit_request(
                    handle.pointer,
                    nil,
                    head.fields.baseAddress,
                    head.count,
                    &source,
                    context
                )
                : nghttp2_submit_request(
                    handle.pointer,
                    nil,
                    head.fields.baseAddress,
                    head.count,
                    nil,
                    context
                )
        )
    }

    func trailers(_ stream: Int32, _ list: HeaderList) {
        nghttp2_submit_trailer(handle.pointer, stream, list.fields.baseAddress, list.count)
    }

    func setContext(_ stream: Int32, _ context: UnsafeMutableRawPointer?) {
        nghttp2_session_set_stream_user_data(handle.pointer, stream, context)
    }

    func context(_ stream: Int32) -> UnsafeMutableRawPointer? {
        nghttp2_session_get_stream_user_data(handle.pointer, stream)
    }

    func resume(_ stream: Int32) { nghttp2_session_resume_data(handle.pointer, stream) }

    func reset(_ stream: Int32, _ code: UInt32) {
        nghttp2_submit_rst_stream(
            handle.pointer,
            UInt8(NGHTTP2_FLAG_NONE.rawValue),
            stream,
            code
        )
    }

    /// Lets the peer send `count` more bytes on the stream and the connection.
    func consume(_ stream: Int32, _ count: Int) {
        nghttp2_session_consume(handle.pointer, stream, count)
    }

    /// Lets the peer send `count` more bytes on the stream alone.
    func consumeStream(_ stream: Int32, _ count: Int) {
        nghttp2_session_consume_stream(handle.pointer, stream, count)
    }

    /// Tells the peer to open no more streams (RFC 9113 section 6.8); those open go on.
    func shutdownNotice() { nghttp2_submit_shutdown_notice(handle.pointer) }

    /// GOAWAY with the last stream that was taken.
    func goAway(_ code: UInt32) {
        nghttp2_submit_goaway(
            handle.pointer,
            UInt8(NGHTTP2_FLAG_NONE.rawValue),
            nghttp2_session_get_last_proc_stream_id(handle.pointer),
            code,
            nil,
            0
        )
    }

    /// GOAWAY, and then the end: the peer does what no fair one does (RFC 9113 section 10.5).
    func refusePeer() {
        nghttp2_session_terminate_session(handle.pointer, NGHTTP2_ENHANCE_YOUR_CALM.rawValue)
    }

    /// Lets the peer send `count` more bytes on other streams.
    func consumeConnection(_ count: Int) {
        nghttp2_session_consume_connection(handle.pointer, count)
    }

    func ping() { nghttp2_submit_ping(handle.pointer, UInt8(NGHTTP2_FLAG_NONE.rawValue), nil) }
}
