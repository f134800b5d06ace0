import Loop

/// A server's stream whose answer is made by its exchange, or whose request is still coming in.
@EventLoop
final class HTTP2ServerStream: HTTP2StreamContext {
    let id: Int32
    /// Without its body. Made when asked for: most streams with a token never need it.
    private(set) lazy var request = HTTP2Head.request(entries)
    private let entries: [UInt8]
    let token: RouteToken?
    /// The handler reads the body piece by piece.
    var streamsBody = false
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

    init(_ id: Int32, _ entries: UnsafeRawBufferPointer, token: RouteToken?) {
        self.id = id
        self.entries = Array(entries)
        self.token = token
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
