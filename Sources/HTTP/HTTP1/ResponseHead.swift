/// The head of a final response.
package struct ResponseHead: Hashable, Sendable {
    package var status = 0
    package var headers: HTTPHeaders = [:]
    package var body = RequestHead.Framing.none
    package var keepAlive = false

    package init() {}
}

extension HTTP1Scanner {
    /// Moves over the interim responses that may come first and over the head of the final one.
    mutating func response(toHead: Bool, limits: HTTPLimits) throws(Stop) -> ResponseHead {
        // One bound for all of them together, so that interim ones cannot go on for ever.
        limit(to: limits.maxHeaderBytes, orElse: .headTooLarge)
        var head = ResponseHead()
        repeat {
            let isHTTP10 = try version(orElse: .invalidStatusLine)
            head.status = try status()
            try responseFields(into: &head, isHTTP10: isHTTP10, toHead: toHead, limits)
            guard head.status != 101 else { throw .failed(.unexpectedUpgrade) }
        } while head.status < 200
        return head
    }

    /// Moves over ` 200 OK` and the line end. The reason may be missing, space and all: many do so.
    private mutating func status() throws(Stop) -> Int {
        try expect(space, orElse: .invalidStatusLine)
        var status = 0
        for _ in 0..<3 { status = status * 10 + (try digit(orElse: .invalidStatusLine)) }
        guard (100..<600).contains(status) else { throw .failed(.invalidStatusLine) }
        if try byte() == space { fieldValue() }
        try lineEnd(orElse: .invalidStatusLine)
        return status
    }

    private mutating func responseFields(
        into head: inout ResponseHead,
        isHTTP10: Bool,
        toHead: Bool,
        _ limits: HTTPLimits
    ) throws(Stop) {
        var framing = HTTP1Framing()
        head.headers = HTTPHeaders()
        while let field = try field() {
            guard head.headers.count < limits.maxHeaders else { throw .failed(.tooManyFields) }
            let (name, value) = (bytes(field.name), bytes(field.value))
            head.headers.add(
                String(decoding: name, as: UTF8.self),
                String(decoding: value, as: UTF8.self)
            )
            do {
                try framing.note(name, value, isHTTP10: isHTTP10)
            } catch {
                throw .failed(error)
            }
        }
        head.body = try framing.responseBody(head.status, toHead: toHead, limits)
        head.keepAlive = framing.persists(isHTTP10: isHTTP10) && head.body != .untilEnd
    }
}

extension HTTP1Framing {
    /// RFC 9112 section 6.3.
    fileprivate func responseBody(
        _ status: Int,
        toHead: Bool,
        _ limits: HTTPLimits
    ) throws(HTTP1Scanner.Stop) -> RequestHead.Framing {
        if toHead || status < 200 || status == 204 || status == 304 { return .none }
        if isChunked { return .chunked }
        guard let length else { return .untilEnd }
        guard length <= UInt64(limits.maxBody) else { throw .failed(.bodyTooLarge) }
        return length > 0 ? .length(length) : .none
    }
}
