package import HTTP
package import Loop

/// A method and how it is to be called.
package struct CallRequest: Hashable, Sendable {
    /// `/package.Service/Method`.
    package var path: String
    package var metadata: CallMetadata
    /// The method answers with any number of messages, and not with exactly one.
    package var streamsAnswers: Bool
    /// Messages are sent compressed by gzip, unless told otherwise one by one.
    package var gzip: Bool

    package init(
        _ path: String,
        metadata: CallMetadata = CallMetadata(),
        streamsAnswers: Bool = false,
        gzip: Bool = false
    ) {
        self.path = path
        self.metadata = metadata
        self.streamsAnswers = streamsAnswers
        self.gzip = gzip
    }
}

/// How much of an answer is taken.
package struct CallLimits: Hashable, Sendable {
    /// Of one message, also once it is expanded.
    package var message = 64 << 20
    /// Of all messages of one call together.
    package var answer = 256 << 20

    package init() {}
}

/// Calls the methods of one server and records what comes of it, over one HTTP/2 connection that is
/// made anew when it is lost between calls.
@EventLoop
package final class CallClient {
    let http: HTTPClient
    let authority: String?
    let limits: CallLimits

    /// - Parameters:
    ///   - authority: what `:authority` says, in place of the endpoint.
    ///   - dial: the way to the endpoint, when it is not reached at its own addresses.
    package init(
        _ endpoint: Endpoint,
        authority: String? = nil,
        tls: TLSClient? = nil,
        dial: HTTPClient.Dial? = nil,
        limits: CallLimits = CallLimits()
    ) {
        http = HTTPClient(endpoint, version: .http2, tls: tls, dial: dial)
        self.authority = authority
        self.limits = limits
    }

    /// Begins a call of any kind. It may have ended already: its record says why.
    package func begin(_ request: CallRequest, until deadline: Instant) async -> Call {
        let call = Call(request, of: self, until: deadline)
        await call.open()
        return call
    }

    /// Sends all messages and reads the answer to its end.
    package func call(
        _ request: CallRequest,
        _ messages: [[UInt8]],
        until deadline: Instant
    ) async -> CallRecord {
        let call = Call(request, of: self, until: deadline)
        for message in messages { call.send(message) }
        call.finishSending()
        await call.open()
        return await call.end()
    }

    package func close() { http.close() }
}
