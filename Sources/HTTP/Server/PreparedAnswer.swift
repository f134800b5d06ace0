package import Loop

/// An answer whose bytes were made once, for as many requests as will come.
@EventLoop
package final class PreparedAnswer: HTTP2StreamContext {
    /// The whole HTTP/1.1 answer for a connection that stays open.
    let http1: [UInt8]
    /// Where its body begins: all before is the answer to HEAD.
    let http1HeadCount: Int
    let head: HeaderList
    let body: [UInt8]
    let trailers: HeaderList?
    package let response: HTTPResponse

    package init(_ response: HTTPResponse) {
        self.response = response
        body = response.body
        var bytes: [UInt8] = []
        // Our own fields: there is none among them that could not be sent.
        try? HTTP1Serializer.append(response, to: &bytes)
        http1 = bytes
        http1HeadCount = bytes.count - response.body.count
        var pairs = [(":status", String(response.status))]
        if response.trailers.isEmpty, !response.headers.contains("content-length") {
            pairs.append(("content-length", String(response.body.count)))
        }
        head = HeaderList(response.headers.http2Pairs(first: pairs))
        trailers =
            response.trailers.isEmpty ? nil : HeaderList(response.trailers.http2Pairs(first: []))
        super.init(isPrepared: true)
    }

    /// Whether HTTP/2 sends anything after the head.
    var hasMore: Bool { !body.isEmpty || trailers != nil }
}

/// What a server's HTTP/2 stream points to: a prepared answer that many share, or a stream of its
/// own.
@EventLoop
package class HTTP2StreamContext {
    let isPrepared: Bool
    init(isPrepared: Bool) { self.isPrepared = isPrepared }
}
