package import HTTP
package import Loop

/// Makes gRPC calls over one HTTP/2 connection, which it makes anew when it is lost.
@EventLoop
package final class GRPCClient {
    private let http: HTTPClient
    private let authority: String?
    private let maxMessage: Int

    package init(
        _ endpoint: Endpoint,
        authority: String? = nil,
        tls: TLSClient? = nil,
        maxMessage: Int = 4 << 20
    ) {
        http = HTTPClient(endpoint, version: .http2, tls: tls)
        self.authority = authority
        self.maxMessage = maxMessage
    }

    /// Makes sure of a connection, as `HTTPClient.connect` does; false when there is one already.
    @discardableResult
    package func connect(
        until deadline: Instant,
        onStep: (HTTPClient.Step) -> Void = { _ in }
    ) async throws(GRPCStatus) -> Bool {
        do throws(HTTPError) {
            return try await http.connect(until: deadline, onStep: onStep)
        } catch {
            throw GRPCStatus(error)
        }
    }

    /// Sends one message and waits for the one that answers it.
    package func unary(
        _ path: String,
        _ message: [UInt8],
        metadata: HTTPHeaders = [:],
        until deadline: Instant
    ) async throws(GRPCStatus) -> [UInt8] {
        let call = try await call(path, metadata: metadata, until: deadline)
        do throws(GRPCStatus) {
            try await call.send(message)
            call.finishSending()
            guard let answer = try await call.next() else {
                throw GRPCStatus(.internal, "OK without a message")
            }
            // The status decides, and it comes after the message.
            guard try await call.next() == nil else {
                throw GRPCStatus(.internal, "more than one message")
            }
            return answer
        } catch {
            call.cancel()
            throw error
        }
    }

    /// Begins a call of any kind.
    package func call(
        _ path: String,
        metadata: HTTPHeaders = [:],
        until deadline: Instant
    ) async throws(GRPCStatus) -> GRPCCall {
        var headers: HTTPHeaders = [
            "te": "trailers", "content-type": "application/grpc",
            "grpc-timeout": GRPCTimeout.format(deadline - .now),
        ]
        for field in metadata { headers.add(field.name, field.value) }
        let request = HTTPRequest("POST", path, authority: authority, headers: headers)
        do throws(HTTPError) {
            let stream = try await http.begin(request, until: deadline)
            return GRPCCall(stream, until: deadline, maxMessage: maxMessage)
        } catch {
            throw GRPCStatus(error)
        }
    }

    package func close() { http.close() }
}
