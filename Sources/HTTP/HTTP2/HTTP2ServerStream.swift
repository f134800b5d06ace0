import Loop

/// A server's stream whose answer is made by its exchange, or whose request is still coming in.
@EventLoop
final class HTTP2ServerStream: HTTP2StreamContext {
    let id: Int32
    let request: HTTPRequest
    let token: RouteToken?
    let streamsBody: Bool
    var exchange: Exchange?
    var body: [UInt8] = []
    /// Bytes of the answer that nghttp2 has not asked for yet.
    var output: [UInt8] = []
    var offset = 0
    var isFinished = false
    var trailers: HTTPHeaders = [:]
    /// nghttp2 was told "later" and must be resumed when there is more.
    var isDeferred = false
    /// Lists that nghttp2 reads until the frames are serialised.
    var lists: [HeaderList] = []
    /// Bytes of the body that were not acknowledged to the peer yet.
    var unconsumed = 0

    init(_ id: Int32, _ request: HTTPRequest, token: RouteToken?, streamsBody: Bool) {
        self.id = id
        self.request = request
        self.token = token
        self.streamsBody = streamsBody
        super.init(isPrepared: false)
    }

    var backlog: Int { output.count - offset }

    func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, backlog)
        output.withUnsafeBytes {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count]))
        }
        offset += count
        if offset == output.count {
            output.removeAll(keepingCapacity: true)
            offset = 0
        }
        return count
    }
}
