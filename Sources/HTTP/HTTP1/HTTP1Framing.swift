/// What the fields of a head say about the length of its body and the life of the connection.
///
/// Anything that two parsers could read differently is refused, because a difference between us
/// and an Envoy in front of us is how requests are smuggled (RFC 9112 section 11.2).
struct HTTP1Framing {
    private(set) var length: UInt64?
    private(set) var isChunked = false
    private(set) var close = false
    private(set) var keepAlive = false

    /// Takes note of one field; names other than its own four are passed over.
    @inline(__always)
    mutating func note(
        _ name: UnsafeBufferPointer<UInt8>,
        _ value: UnsafeBufferPointer<UInt8>,
        isHTTP10: Bool
    ) throws(HTTP1Error) {
        switch name.count {
        case 10 where name.equalsLowercase("connection"):
            close = close || value.listContains("close")
            keepAlive = keepAlive || value.listContains("keep-alive")
        case 14 where name.equalsLowercase("content-length"):
            try noteLength(value)
        case 17 where name.equalsLowercase("transfer-encoding"):
            try noteCoding(value, isHTTP10: isHTTP10)
        default:
            break
        }
    }

    /// Whether the connection lives on after a message whose length is known.
    func persists(isHTTP10: Bool) -> Bool {
        !close && (keepAlive || !isHTTP10)
    }

    private mutating func noteLength(_ value: UnsafeBufferPointer<UInt8>) throws(HTTP1Error) {
        guard !isChunked else { throw .lengthAndCoding }
        // The same length twice is allowed to be read as one (RFC 9110 section 8.6). We refuse it.
        guard length == nil else { throw .repeatedLength }
        guard !value.isEmpty else { throw .invalidLength }
        var total: UInt64 = 0
        for byte in value {
            guard byte.isDigit else { throw .invalidLength }
            let (shifted, overflow) = total.multipliedReportingOverflow(by: 10)
            let (sum, carry) = shifted.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
            guard !overflow, !carry else { throw .invalidLength }
            total = sum
        }
        length = total
    }

    private mutating func noteCoding(
        _ value: UnsafeBufferPointer<UInt8>,
        isHTTP10: Bool
    ) throws(HTTP1Error) {
        guard length == nil else { throw .lengthAndCoding }
        guard !isHTTP10 else { throw .codingInHTTP10 }
        guard !isChunked else { throw .invalidCoding }
        guard value.equalsLowercase("chunked") else {
            // Chunked must come last, and once; before it may stand codings that we do not have.
            let codings = value.split(
                separator: UInt8(ascii: ","),
                omittingEmptySubsequences: false
            )
            .map { UnsafeBufferPointer(rebasing: $0).trimmed }
            let isLegal =
                codings.last?.equalsLowercase("chunked") == true
                && codings.dropLast().allSatisfy { !$0.isEmpty && !$0.equalsLowercase("chunked") }
            throw isLegal ? .unsupportedCoding : .invalidCoding
        }
        isChunked = true
    }
}
