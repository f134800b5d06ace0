/// Why bytes are not an HTTP/1 message that we take. The connection ends after the answer.
package enum HTTP1Error: Error, Hashable, Sendable, CaseIterable {
    // The request line
    case emptyLines
    case invalidMethod
    case invalidTarget
    case requestLineTooLong
    case invalidVersion
    case unsupportedVersion
    // The status line
    case invalidStatusLine
    case unexpectedUpgrade
    // Lines and fields
    case bareCR
    case bareLF
    case foldedLine
    case invalidFieldName
    case spaceBeforeColon
    case invalidFieldValue
    case headTooLarge
    case tooManyFields
    // Host
    case missingHost
    case repeatedHost
    case invalidHost
    // The length of the body
    case lengthAndCoding
    case invalidLength
    case repeatedLength
    case invalidCoding
    case unsupportedCoding
    case codingInHTTP10
    case bodyTooLarge
    case invalidChunk
    case extensionsTooLarge
    case forbiddenTrailer
    case truncatedBody

    /// Under which bound it counts.
    package var bound: HTTPBound {
        switch self {
        case .bodyTooLarge, .extensionsTooLarge: .body
        case .requestLineTooLong: .requestLine
        case .headTooLarge: .headerBytes
        case .tooManyFields: .headerCount
        default: .malformed
        }
    }

    /// What a server answers.
    package var status: Int {
        switch self {
        case .bodyTooLarge: 413
        case .requestLineTooLong: 414
        case .headTooLarge, .tooManyFields: 431
        case .unsupportedCoding: 501
        case .unsupportedVersion: 505
        default: 400
        }
    }
}

extension HTTP1Error: CustomStringConvertible {
    package var description: String {
        switch self {
        case .emptyLines: "more than one empty line before the request"
        case .invalidMethod: "the method is not a token followed by one space"
        case .invalidTarget: "the request target has a wrong form or a forbidden byte"
        case .requestLineTooLong: "the request line is too long"
        case .invalidVersion: "the request line does not end in an HTTP version"
        case .unsupportedVersion: "the HTTP version is neither 1.0 nor 1.1"
        case .invalidStatusLine: "the status line is malformed"
        case .unexpectedUpgrade: "the server switched protocols unasked"
        case .bareCR: "a carriage return without a line feed"
        case .bareLF: "a line feed without a carriage return"
        case .foldedLine: "a field line starts with a space or tab (obsolete folding)"
        case .invalidFieldName: "a field name is empty or has a forbidden byte"
        case .spaceBeforeColon: "white space between a field name and its colon"
        case .invalidFieldValue: "a field value has a control byte"
        case .headTooLarge: "the header section is too large"
        case .tooManyFields: "too many header fields"
        case .missingHost: "an HTTP/1.1 request without Host"
        case .repeatedHost: "more than one Host"
        case .invalidHost: "the host is not a name or address with an optional port"
        case .lengthAndCoding: "both Content-Length and Transfer-Encoding"
        case .invalidLength: "Content-Length is not a plain number"
        case .repeatedLength: "more than one Content-Length"
        case .invalidCoding: "Transfer-Encoding does not end in chunked, once"
        case .unsupportedCoding: "a Transfer-Encoding other than chunked"
        case .codingInHTTP10: "Transfer-Encoding in an HTTP/1.0 message"
        case .bodyTooLarge: "the body is too large"
        case .invalidChunk: "a chunk is malformed"
        case .extensionsTooLarge: "the chunk extensions are too large"
        case .forbiddenTrailer: "a trailer that would change the framing or routing"
        case .truncatedBody: "the connection ended within the body"
        }
    }
}
