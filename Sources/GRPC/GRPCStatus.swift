package import HTTP

/// How a call ended: a code with words. Every failure of a call is one of these.
package struct GRPCStatus: Error, Hashable, Sendable, CustomStringConvertible {
    package let code: Code
    package let message: String
    /// Set when no status came from the peer: why the call broke below gRPC.
    package let transport: HTTPError?
    /// An answer's head that came without a gRPC status, made by something on the way.
    package let httpStatus: Int?

    package init(
        _ code: Code,
        _ message: String = "",
        transport: HTTPError? = nil,
        httpStatus: Int? = nil
    ) {
        self.code = code
        self.message = message
        self.transport = transport
        self.httpStatus = httpStatus
    }

    package static let ok = GRPCStatus(.ok)

    package var isOK: Bool { code == .ok }

    package var description: String {
        message.isEmpty ? "\(code)" : "\(code): \(message)"
    }

    /// The numbers of gRPC's status codes; a peer may send one that is not among them.
    package struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        package let rawValue: Int
        package init(rawValue: Int) { self.rawValue = rawValue }

        package static let ok = Code(rawValue: 0)
        package static let cancelled = Code(rawValue: 1)
        package static let unknown = Code(rawValue: 2)
        package static let invalidArgument = Code(rawValue: 3)
        package static let deadlineExceeded = Code(rawValue: 4)
        package static let notFound = Code(rawValue: 5)
        package static let alreadyExists = Code(rawValue: 6)
        package static let permissionDenied = Code(rawValue: 7)
        package static let resourceExhausted = Code(rawValue: 8)
        package static let failedPrecondition = Code(rawValue: 9)
        package static let aborted = Code(rawValue: 10)
        package static let outOfRange = Code(rawValue: 11)
        package static let unimplemented = Code(rawValue: 12)
        package static let `internal` = Code(rawValue: 13)
        package static let unavailable = Code(rawValue: 14)
        package static let dataLoss = Code(rawValue: 15)
        package static let unauthenticated = Code(rawValue: 16)

        private static let names = [
            "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND",
            "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
            "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
            "UNAUTHENTICATED",
        ]

        package var description: String {
            Self.names.indices.contains(rawValue) ? Self.names[rawValue] : "CODE_\(rawValue)"
        }
    }
}

// MARK: - As trailers

extension GRPCStatus {
    /// Reads the status from trailers, or from the head of an answer that is nothing but trailers.
    package init?(trailers: HTTPHeaders) {
        guard let text = trailers["grpc-status"] else { return nil }
        // A status that cannot be read is no success.
        let code = Int(text).map(Code.init) ?? .unknown
        self.init(code, percentDecoded(trailers["grpc-message"] ?? ""))
    }

    package var trailers: HTTPHeaders {
        var trailers: HTTPHeaders = ["grpc-status": String(code.rawValue)]
        if !message.isEmpty { trailers.add("grpc-message", percentEncoded(message)) }
        return trailers
    }

    /// What an answer without a gRPC status means, by the table of gRPC's
    /// `http-grpc-status-mapping.md`: it comes from something on the way, such as an Envoy.
    package init(httpStatus: Int, body: String = "") {
        let code: Code =
            switch httpStatus {
            case 400: .internal
            case 401: .unauthenticated
            case 403: .permissionDenied
            case 404: .unimplemented
            case 429, 502, 503, 504: .unavailable
            default: .unknown
            }
        let words = body.isEmpty ? "" : ": \(body.prefix(200))"
        let message = "HTTP status \(httpStatus) without a gRPC status\(words)"
        self.init(code, message, httpStatus: httpStatus)
    }

    /// What a failure of the transport means for a call.
    package init(_ error: HTTPError) {
        let code: Code =
            switch error.kind {
            case .connection, .refusedStream: .unavailable
            case .timedOut: .deadlineExceeded
            case .cancelled: .cancelled
            case .tooLarge: .resourceExhausted
            case .protocol: .internal
            case .reset(let code): Self.code(reset: code)
            }
        self.init(code, error.message, transport: error)
    }

    /// HTTP/2's error codes, by the table of gRPC's `PROTOCOL-HTTP2.md`.
    private static func code(reset: UInt32) -> Code {
        switch reset {
        case 7: .unavailable
        case 8: .cancelled
        case 11: .resourceExhausted
        case 12: .permissionDenied
        default: .internal
        }
    }
}

/// Percent-encodes as gRPC wants it for `grpc-message`: all but printable ASCII, and `%` itself; and a
/// space at either end, which no field of HTTP/2 may have (RFC 9113 section 8.2.1).
func percentEncoded(_ text: String) -> String {
    var encoded = ""
    for (index, byte) in text.utf8.enumerated() {
        let isAtEnd = index == 0 || index == text.utf8.count - 1
        if (isAtEnd ? 0x21...0x7e : 0x20...0x7e).contains(byte), byte != UInt8(ascii: "%") {
            encoded.unicodeScalars.append(UnicodeScalar(byte))
        } else {
            let digits = String(byte, radix: 16, uppercase: true)
            encoded += byte < 16 ? "%0\(digits)" : "%\(digits)"
        }
    }
    return encoded
}

/// Decodes; a wrong escape stands for itself, since a broken message must not hide the status.
func percentDecoded(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var decoded: [UInt8] = []
    var index = 0
    while index < bytes.count {
        if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
            let high = Character(UnicodeScalar(bytes[index + 1])).hexDigitValue,
            let low = Character(UnicodeScalar(bytes[index + 2])).hexDigitValue
        {
            decoded.append(UInt8(high << 4 | low))
            index += 3
        } else {
            decoded.append(bytes[index])
            index += 1
        }
    }
    return String(decoding: decoded, as: UTF8.self)
}
