/// Writes HTTP/1.1 messages as bytes.
///
/// It owns what the framing depends on: `host`, `connection`, `content-length` and
/// `transfer-encoding` among the given headers are passed over and written as the message needs
/// them. A field that would break out of its line (CR, LF, NUL) is refused, and then nothing of
/// the message is written.
package enum HTTP1Serializer {
    /// Appends a whole request.
    package static func append(
        _ request: HTTPRequest,
        keepAlive: Bool = true,
        to bytes: inout [UInt8]
    ) throws(UnsendableField) {
        try check("method", isToken(request.method))
        try check("path", isTarget(request.path))
        try check("host", isValue(request.authority ?? ""))
        try check(request.headers)
        bytes.append(contentsOf: "\(request.method) \(request.path) HTTP/1.1\r\n".utf8)
        append("host", request.authority ?? "", to: &bytes)
        append(request.headers, to: &bytes)
        // A body may be announced as empty where it has a meaning (RFC 9110 section 8.6).
        if !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method) {
            append("content-length", "\(request.body.count)", to: &bytes)
        }
        if !keepAlive { append("connection", "close", to: &bytes) }
        bytes.append(contentsOf: [cr, lf])
        bytes.append(contentsOf: request.body)
    }

    /// Appends a whole response; without its body if it answers a `HEAD`.
    package static func append(
        _ response: HTTPResponse,
        toHead: Bool = false,
        isHTTP10: Bool = false,
        keepAlive: Bool = true,
        to bytes: inout [UInt8]
    ) throws(UnsendableField) {
        try appendHead(
            response.status,
            response.headers,
            body: .length(UInt64(response.body.count)),
            isHTTP10: isHTTP10,
            keepAlive: keepAlive,
            to: &bytes
        )
        if !toHead, hasBody(response.status) { bytes.append(contentsOf: response.body) }
    }

    /// Appends the head of a response whose body follows piece by piece. `isHTTP10` is what the
    /// request was: such a peer must be told that the connection lives on, and knows no chunks.
    package static func appendHead(
        _ status: Int,
        _ headers: HTTPHeaders,
        body: RequestHead.Framing,
        isHTTP10: Bool = false,
        keepAlive: Bool = true,
        to bytes: inout [UInt8]
    ) throws(UnsendableField) {
        try check("status", (100..<1000).contains(status))
        try check(headers)
        bytes.append(contentsOf: "HTTP/1.1 \(status) \(HTTPStatus.reason(status))\r\n".utf8)
        append(headers, to: &bytes)
        var keepAlive = keepAlive
        switch body {
        case _ where !hasBody(status): break
        case .length(let length): append("content-length", "\(length)", to: &bytes)
        case .chunked where !isHTTP10: append("transfer-encoding", "chunked", to: &bytes)
        case .chunked, .untilEnd: keepAlive = false
        case .none: append("content-length", "0", to: &bytes)
        }
        if !keepAlive {
            append("connection", "close", to: &bytes)
        } else if isHTTP10 {
            append("connection", "keep-alive", to: &bytes)
        }
        bytes.append(contentsOf: [cr, lf])
    }

    /// Appends one chunk; none if there is no data, since an empty chunk would end the body.
    package static func appendChunk(_ data: [UInt8], to bytes: inout [UInt8]) {
        guard !data.isEmpty else { return }
        bytes.append(contentsOf: String(data.count, radix: 16).utf8)
        bytes.append(contentsOf: [cr, lf])
        bytes.append(contentsOf: data)
        bytes.append(contentsOf: [cr, lf])
    }

    /// Appends the end of a chunked body.
    package static func appendLastChunk(
        trailers: HTTPHeaders = [:],
        to bytes: inout [UInt8]
    ) throws(UnsendableField) {
        try check(trailers)
        bytes.append(contentsOf: "0\r\n".utf8)
        append(trailers, to: &bytes)
        bytes.append(contentsOf: [cr, lf])
    }

    private static func append(_ headers: HTTPHeaders, to bytes: inout [UInt8]) {
        for (name, value) in headers where !ownFields.contains(name) {
            append(name, value, to: &bytes)
        }
    }

    private static func append(_ name: String, _ value: String, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: name.utf8)
        bytes.append(colon)
        bytes.append(space)
        bytes.append(contentsOf: value.utf8)
        bytes.append(cr)
        bytes.append(lf)
    }
}

/// A part of a message that cannot be written as given.
package struct UnsendableField: Error, Hashable, Sendable, CustomStringConvertible {
    package let name: String

    package var description: String {
        "cannot send \(name.debugDescription): it is empty or has bytes that would break the message"
    }
}

private let ownFields = [
    "host", "connection", "keep-alive", "content-length", "transfer-encoding",
]

private func hasBody(_ status: Int) -> Bool {
    status >= 200 && status != 204 && status != 304
}

private func check(_ name: String, _ isSendable: Bool) throws(UnsendableField) {
    guard isSendable else { throw UnsendableField(name: name) }
}

private func check(_ headers: HTTPHeaders) throws(UnsendableField) {
    for (name, value) in headers { try check(name, isToken(name) && isValue(value)) }
}

private func isToken(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy(\.isToken)
}

private func isTarget(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy(\.isTarget)
}

private func isValue(_ text: String) -> Bool {
    text.utf8.allSatisfy(\.isFieldValue)
}
