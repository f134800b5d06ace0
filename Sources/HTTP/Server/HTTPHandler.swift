package import Loop

/// A handler's own short name for "this kind of request from this peer", kept by the connection so
/// that an identical request need not be read again. It may outlive a reload: a handler whose routes
/// change must recognise its old tokens.
package struct RouteToken: Hashable, Sendable {
    package let bits: UInt64
    package init(bits: UInt64) { self.bits = bits }
}

/// Answers the requests of a server, all on the loop.
///
/// The first two calls are the hot path: no allocation, no task. Whatever they decline goes to
/// `handle`.
@EventLoop
package protocol HTTPHandler: AnyObject {
    /// Recognises a request that has a prepared answer. Must depend on the head alone.
    func route(_ head: borrowing RequestHead) -> RouteToken?
    /// The answer as of now, called once for every request with such a token. `body` is empty but
    /// for a POST, and valid only during the call.
    func answer(_ token: RouteToken, _ body: UnsafeRawBufferPointer) -> PreparedAnswer?
    /// Whether `handle` wants the body piece by piece through `Exchange.onBody`, not collected.
    func streamsBody(_ request: HTTPRequest) -> Bool
    /// Answers now, or later from a task. Every exchange must be answered.
    func handle(_ exchange: Exchange)
}

extension HTTPHandler {
    package func route(_ head: borrowing RequestHead) -> RouteToken? { nil }
    package func answer(
        _ token: RouteToken,
        _ body: UnsafeRawBufferPointer
    ) -> PreparedAnswer? { nil }
    package func streamsBody(_ request: HTTPRequest) -> Bool { false }
}
