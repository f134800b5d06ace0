/// Reads HTTP/1 heads from bytes that may come in any pieces (RFC 9112).
///
/// A pure value of one word: the bytes stay with the caller, who hands over all that is not yet
/// consumed each time, and the result goes into a head that all connections may share. A head that
/// is already complete costs one pass and no allocation. One that trickles in is parsed again only
/// when a line end or another control byte has come, so the work is bounded by the limits.
package struct HTTP1Parser: Hashable, Sendable {
    package enum Result: Hashable, Sendable {
        /// Nothing wrong so far. Call again with the same bytes and more behind them.
        case incomplete
        /// A head is complete; what follows these bytes is its body.
        case head(consumed: Int)
        /// The bytes are no message that we take; nothing behind them can be trusted.
        case failed(HTTP1Error)
    }

    /// How many of the bytes an earlier call has seen.
    private var scanned = 0

    package init() {}

    /// Whether a head has begun whose end has not come.
    package var isWithinHead: Bool { scanned > 0 }

    /// Parses a request head.
    package mutating func parse(
        _ bytes: UnsafeRawBufferPointer,
        limits: HTTPLimits,
        into head: inout RequestHead
    ) -> Result {
        guard var scanner = scanner(for: bytes, limits) else { return .incomplete }
        do {
            try scanner.request(into: &head.storage, limits: limits)
        } catch {
            return result(of: error, bytes.count)
        }
        head.bytes = bytes
        scanned = 0
        return .head(consumed: scanner.at)
    }

    /// Parses the head of the final response to a request; interim ones (1xx) before it are
    /// consumed with it. `toHead` says that the request was a `HEAD`, so that no body follows.
    package mutating func parseResponse(
        _ bytes: UnsafeRawBufferPointer,
        toHead: Bool,
        limits: HTTPLimits,
        into head: inout ResponseHead
    ) -> Result {
        guard var scanner = scanner(for: bytes, limits) else { return .incomplete }
        do {
            head = try scanner.response(toHead: toHead, limits: limits)
        } catch {
            return result(of: error, bytes.count)
        }
        scanned = 0
        return .head(consumed: scanner.at)
    }

    /// A scanner at the start, unless parsing again would end as it did with the first `scanned`.
    @inline(__always)
    private mutating func scanner(
        for bytes: UnsafeRawBufferPointer,
        _ limits: HTTPLimits
    ) -> HTTP1Scanner? {
        guard let start = bytes.baseAddress, scanned == 0 || hasNews(bytes, limits) else {
            scanned = bytes.count
            return nil
        }
        return HTTP1Scanner(start.assumingMemoryBound(to: UInt8.self), bytes.count)
    }

    private mutating func result(of stop: HTTP1Scanner.Stop, _ count: Int) -> Result {
        switch stop {
        case .end:
            scanned = count
            return .incomplete
        case .failed(let error):
            return .failed(error)
        }
    }

    /// A line end or a fault needs a control byte, and a carriage return what follows it; other
    /// bytes only bring a limit nearer. So a fault within a line may be told as late as its end.
    private func hasNews(_ bytes: UnsafeRawBufferPointer, _ limits: HTTPLimits) -> Bool {
        func crosses(_ limit: Int) -> Bool {
            // Two bytes more, for the empty line that may come first.
            scanned < limit + 2 && bytes.count >= limit
        }
        return crosses(limits.maxRequestLine) || crosses(limits.maxHeaderBytes)
            || bytes.dropFirst(scanned - 1).first == cr
            || bytes.dropFirst(scanned).contains { !$0.isFieldValue }
    }
}
