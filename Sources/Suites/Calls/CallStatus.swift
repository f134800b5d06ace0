package import GRPC
import HTTP
import Loop

/// How a call ended, and who says so.
package struct CallStatus: Hashable, Sendable {
    package enum Source: Hashable, Sendable {
        /// `grpc-status` was on the wire.
        case server
        /// This side made the status, since the server gave none or what came with it was wrong.
        case client(Cause)
    }

    /// Why a status had to be made.
    package enum Cause: Hashable, Sendable {
        /// No connection: nothing was asked.
        case connect
        case deadline
        /// RST_STREAM with its HTTP/2 error code.
        case reset(UInt32)
        /// The server left with this code, and the call unanswered.
        case goAway(UInt32)
        case connectionLost
        case violation(Violation)
        /// Given up by this side.
        case cancelled
    }

    /// What an answer does that no gRPC answer may.
    package enum Violation: Hashable, Sendable {
        /// An HTTP status other than 200, and no gRPC status: something on the way has answered.
        case httpStatus(Int)
        case contentType(String?)
        /// The end without `grpc-status`, or with one that is no number.
        case noStatus, unreadableStatus
        /// OK without a message, or more than one, where one is due.
        case noMessage, extraMessage
        /// A message is flagged as compressed, by nothing or by what this side does not accept.
        case unexpectedCompression(String?)
        case brokenCompression
        case unknownFlag
        case messageTooLarge
        /// All messages together are more than is kept.
        case answerTooLarge
        case insideMessage
        case headersTooLarge
        /// The rules of HTTP/2 itself.
        case http2
    }

    package let code: GRPCStatus.Code
    package let message: String
    /// The bytes of `grpc-status-details-bin`: a `google.rpc.Status`.
    package let details: [UInt8]?
    package let source: Source

    package var isOK: Bool { code == .ok }
}

extension CallStatus {
    /// What the server says.
    init(server status: GRPCStatus, details: [UInt8]?) {
        self.init(
            code: status.code,
            message: status.message,
            details: details,
            source: .server
        )
    }

    init(_ violation: Violation, _ message: String) {
        let code: GRPCStatus.Code =
            switch violation {
            // The table of gRPC but for 404, whose UNIMPLEMENTED only a server should say.
            case .httpStatus(let status):
                status == 404 ? .unknown : GRPCStatus(httpStatus: status).code
            case .messageTooLarge, .answerTooLarge, .headersTooLarge: .resourceExhausted
            case .contentType, .noStatus, .unreadableStatus: .unknown
            default: .internal
            }
        self.init(
            code: code,
            message: message,
            details: nil,
            source: .client(.violation(violation))
        )
    }

    static func connect(_ error: HTTPError) -> CallStatus {
        let cause: Cause = error.kind == .cancelled ? .cancelled : .connect
        return CallStatus(
            code: cause == .connect ? .unavailable : .cancelled,
            message: error.message,
            details: nil,
            source: .client(cause)
        )
    }

    /// What a broken stream means for a call with this deadline.
    ///
    /// - Parameter unsent: bytes of the request that the server made no room for.
    init(_ error: HTTPError, deadline: Instant, unsent: Int = 0) {
        var cause: Cause =
            switch error.kind {
            case .timedOut: .deadline
            case .cancelled: .cancelled
            case .reset(let code): .reset(code)
            case .refusedStream: error.goAway.map { .goAway($0) } ?? .reset(7)
            case .connection: error.goAway.map { .goAway($0) } ?? .connectionLost
            case .protocol: .violation(.http2)
            case .tooLarge: .violation(.headersTooLarge)
            }
        switch cause {
        // The server has the same deadline, and ends the call by it with CANCEL.
        case .reset(8) where deadline <= .now: cause = .deadline
        // The kernel's own timeout.
        case .deadline where deadline > .now: cause = .connectionLost
        default: break
        }
        let code: GRPCStatus.Code =
            switch cause {
            case .deadline: .deadlineExceeded
            case .connectionLost: .unavailable
            default: GRPCStatus(error).code
            }
        var message = cause == .deadline ? "the deadline has passed" : error.message
        if cause == .deadline, unsent > 0 {
            message += "; the server did not take \(unsent) bytes of what was sent"
        }
        self.init(code: code, message: message, details: nil, source: .client(cause))
    }

}

extension CallStatus: CustomStringConvertible {
    package var description: String { message.isEmpty ? "\(code)" : "\(code): \(message)" }
}
