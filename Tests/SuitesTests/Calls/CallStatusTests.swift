import GRPC
import HTTP
import Loop
import Testing

@testable import Suites

@Suite struct `The status of a broken call` {
    typealias Cause = CallStatus.Cause

    @Test(arguments: [
        (HTTPError.Kind.timedOut, Cause.connectionLost, GRPCStatus.Code.unavailable),
        (.connection(.reset), .connectionLost, .unavailable),
        (.connection(.closed), .connectionLost, .unavailable),
        (.cancelled, .cancelled, .cancelled),
        (.refusedStream, .reset(7), .unavailable),
        (.reset(8), .reset(8), .cancelled),
        (.reset(11), .reset(11), .resourceExhausted),
        (.reset(12), .reset(12), .permissionDenied),
        (.reset(999), .reset(999), .internal),
        (.protocol, .violation(.http2), .internal),
        (.tooLarge, .violation(.headersTooLarge), .resourceExhausted),
    ])
    func `says why, before its deadline`(
        kind: HTTPError.Kind,
        cause: Cause,
        code: GRPCStatus.Code
    ) {
        let status = CallStatus(HTTPError(kind, "words"), deadline: .now + .seconds(60))
        #expect(status.source == .client(cause))
        #expect(status.code == code)
        #expect(status.message == "words")
    }

    /// The server may end the call by the deadline just before we do.
    @Test(arguments: [HTTPError.Kind.timedOut, .reset(8)])
    func `is the deadline's once that has passed`(kind: HTTPError.Kind) {
        let status = CallStatus(HTTPError(kind, "words"), deadline: .now, unsent: 7)
        #expect(status.source == .client(.deadline))
        #expect(status.code == .deadlineExceeded)
        let words = "the deadline has passed; the server did not take 7 bytes of what was sent"
        #expect(status.message == words)
    }

    @Test(arguments: [HTTPError.Kind.connection(.closed), .refusedStream])
    func `is of the GOAWAY that came before`(kind: HTTPError.Kind) {
        let error = HTTPError(kind, "words", goAway: 11)
        let status = CallStatus(error, deadline: .now + .seconds(60))
        #expect(status.source == .client(.goAway(11)))
        #expect(status.code == .unavailable)
    }
}
