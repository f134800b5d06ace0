package import HTTP

/// What the HTTP/1 parsers make of the bytes of one response.
package struct HTTP1ResponseReading: Hashable, Sendable {
    package enum End: Hashable, Sendable {
        case withinHead
        case withinBody
        /// How many bytes lie behind the response.
        case complete(rest: Int)
        case failed(HTTP1Error)
    }

    package var head: ResponseHead?
    package var body: [UInt8] = []
    package var trailers: HTTPHeaders = [:]
    package var end = End.withinHead

    /// Reads a response as a client does, from bytes that come in these pieces.
    package init(_ pieces: [[UInt8]], toHead: Bool = false, limits: HTTPLimits = HTTPLimits()) {
        var parser = HTTP1Parser()
        var bodyParser = HTTP1BodyParser(.none, limits: limits)
        var bytes: [UInt8] = []
        let total = pieces.reduce(0) { $0 + $1.count }
        var taken = 0
        for piece in pieces {
            bytes += piece
            if head == nil {
                var found = ResponseHead()
                let result = bytes.withUnsafeBytes {
                    parser.parseResponse($0, toHead: toHead, limits: limits, into: &found)
                }
                switch result {
                case .incomplete:
                    continue
                case .failed(let error):
                    end = .failed(error)
                    return
                case .head(let consumed):
                    head = found
                    bodyParser = HTTP1BodyParser(found.body, limits: limits)
                    bytes.removeFirst(consumed)
                    taken += consumed
                }
            }
            var data: [UInt8] = []
            let result = bytes.withUnsafeBytes { bodyParser.parse($0) { data += $0 } }
            body += data
            switch result {
            case .incomplete:
                end = .withinBody
                taken += bytes.count
                bytes = []
            case .complete(let consumed):
                trailers = bodyParser.trailers
                end = .complete(rest: total - taken - consumed)
                return
            case .failed(let error):
                end = .failed(error)
                return
            }
        }
    }
}
