package import HTTP

/// All that came of one call, for a test to judge.
package struct CallRecord: Hashable, Sendable {
    package struct Message: Hashable, Sendable {
        /// As the method's type encodes it, expanded if it was compressed.
        package let bytes: [UInt8]
        package let wasCompressed: Bool

        package init(_ bytes: [UInt8], wasCompressed: Bool = false) {
            self.bytes = bytes
            self.wasCompressed = wasCompressed
        }
    }

    /// Nil when no head of an answer came.
    package var httpStatus: Int?
    /// The metadata before the first message; empty when the answer is trailers only.
    package var headers = HTTPHeaders()
    package var messages: [Message] = []
    /// The metadata with the status.
    package var trailers = HTTPHeaders()
    /// The answer was one block of fields: no message could have come.
    package var isTrailersOnly = false
    /// Nil while the call is under way.
    package var status: CallStatus?
    /// 2 when the server refused the first attempt without looking at it.
    package var attempts = 0
    /// What it took to connect, when this call had to.
    package var connecting: Duration?
    /// From the begin of the call to the head of the answer, and to the end.
    package var firstByte: Duration?
    package var total = Duration.zero

    package init() {}
}
