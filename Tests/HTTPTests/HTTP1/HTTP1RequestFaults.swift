import HTTP
import Testing

/// Bytes that must be refused, and for what.
struct InvalidRequest: CustomTestStringConvertible, Sendable {
    let text: String
    let error: HTTP1Error

    init(_ text: String, _ error: HTTP1Error) {
        self.text = text
        self.error = error
    }

    var testDescription: String { "\(text.debugDescription): \(error)" }

    static let all = lines + fields + hosts + lengths + chunks

    private static let lines = [
        InvalidRequest("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .emptyLines),
        InvalidRequest("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .bareLF),
        InvalidRequest("\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", .bareCR),
        InvalidRequest(" GET / HTTP/1.1\r\nHost: a\r\n\r\n", .invalidMethod),
        InvalidRequest("GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", .invalidMethod),
        InvalidRequest("G{T / HTTP/1.1\r\nHost: a\r\n\r\n", .invalidMethod),
        InvalidRequest("GET\r\n\r\n", .invalidMethod),
        InvalidRequest("\u{16}\u{03}\u{01}\u{02}", .invalidMethod),
        InvalidRequest("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        InvalidRequest("GET HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        InvalidRequest("GET /\r\n\r\n", .invalidTarget),
        InvalidRequest("GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        InvalidRequest("GET /ü HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        InvalidRequest("GET /\u{0} HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        InvalidRequest("GET /\u{7F} HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        InvalidRequest("GET x HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        InvalidRequest("GET * HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        InvalidRequest("GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        InvalidRequest("GET http:/// HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        InvalidRequest("GET http:// HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        InvalidRequest("GET http:/ HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        InvalidRequest("GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        InvalidRequest("GET http://a?b HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        InvalidRequest("CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        InvalidRequest("CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        InvalidRequest("CONNECT a: HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        InvalidRequest("CONNECT http://a:1/ HTTP/1.1\r\nHost: a\r\n\r\n", .invalidTarget),
        InvalidRequest("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", .invalidVersion),
        InvalidRequest("GET /  HTTP/1.1\r\nHost: a\r\n\r\n", .invalidVersion),
        InvalidRequest("GET / http/1.1\r\nHost: a\r\n\r\n", .invalidVersion),
        InvalidRequest("GET / HTTP/11\r\nHost: a\r\n\r\n", .invalidVersion),
        InvalidRequest("GET / HTTP/1.10\r\nHost: a\r\n\r\n", .invalidVersion),
        InvalidRequest("GET / \r\nHost: a\r\n\r\n", .invalidVersion),
        InvalidRequest("GET / HTTP/1.1\nHost: a\r\n\r\n", .bareLF),
        InvalidRequest("GET / HTTP/1.1\rHost: a\r\n\r\n", .bareCR),
        InvalidRequest("GET / HTTP/2.0\r\nHost: a\r\n\r\n", .unsupportedVersion),
        InvalidRequest("GET / HTTP/1.2\r\nHost: a\r\n\r\n", .unsupportedVersion),
        InvalidRequest("GET / HTTP/0.9\r\n\r\n", .unsupportedVersion),
        InvalidRequest("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .unsupportedVersion),
    ]

    private static let fields =
        [
            (": x", .invalidFieldName), ("A", .invalidFieldName), ("A B: x", .spaceBeforeColon),
            ("A(: x", .invalidFieldName), ("Ä: x", .invalidFieldName),
            ("A\u{0}: x", .invalidFieldName), ("A : x", .spaceBeforeColon),
            ("A\t: x", .spaceBeforeColon), (" A: x", .foldedLine), ("\tA: x", .foldedLine),
            ("A: x\r\n y", .foldedLine), ("A: x\r\n\ty", .foldedLine), ("A: x\r\n ", .foldedLine),
            ("A: x\u{0}y", .invalidFieldValue), ("A: x\u{7F}y", .invalidFieldValue),
            ("A: \u{1B}", .invalidFieldValue), ("A: 01234567\u{8}", .invalidFieldValue),
            ("A: x\ny", .bareLF), ("A: x\ry", .bareCR), ("A: x\r\r", .bareCR), ("A:\n", .bareLF),
            ("A\r: x", .invalidFieldName), ("\rA: x", .bareCR), ("\nA: x", .bareLF),
        ].map { (line: String, error: HTTP1Error) in
            InvalidRequest("GET / HTTP/1.1\r\nHost: a\r\n\(line)\r\n\r\n", error)
        } + [
            InvalidRequest("GET / HTTP/1.1\r\n Host: a\r\n\r\n", .foldedLine),
            InvalidRequest("GET / HTTP/1.1\r\nHost: a\r\n\n", .bareLF),
            InvalidRequest("GET / HTTP/1.1\r\nHost: a\r\n\rx", .bareCR),
        ]

    private static let hosts =
        [
            ("", .missingHost), ("Host: a\r\nHost: a\r\n", .repeatedHost),
            ("Host:\r\nHost: a\r\n", .repeatedHost), ("Host: a b\r\n", .invalidHost),
            ("Host: a,b\u{20}c\r\n", .invalidHost), ("Host: a/b\r\n", .invalidHost),
            ("Host: u@a\r\n", .invalidHost), ("Host: a:x\r\n", .invalidHost),
            ("Host: a:1:2\r\n", .invalidHost), ("Host: :80\r\n", .invalidHost),
            ("Host: a:123456\r\n", .invalidHost), ("Host: [::1\r\n", .invalidHost),
            ("Host: []\r\n", .invalidHost), ("Host: [g::]\r\n", .invalidHost),
            ("Host: [::1]x\r\n", .invalidHost), ("Host: ::1\r\n", .invalidHost),
            ("Host: ü\r\n", .invalidHost), ("Host: http://a\r\n", .invalidHost),
        ].map { (field: String, error: HTTP1Error) in
            InvalidRequest("GET / HTTP/1.1\r\n\(field)\r\n", error)
        } + [InvalidRequest("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", .repeatedHost)]

    private static let lengths =
        [
            ("Content-Length: 1\r\nTransfer-Encoding: chunked", .lengthAndCoding),
            ("Transfer-Encoding: chunked\r\nContent-Length: 1", .lengthAndCoding),
            ("Content-Length: 1\r\nContent-Length: 2", .repeatedLength),
            ("Content-Length: 1\r\nContent-Length: 1", .repeatedLength),
            ("Content-Length: 1, 1", .invalidLength), ("Content-Length: 1,2", .invalidLength),
            ("Content-Length:", .invalidLength), ("Content-Length: +1", .invalidLength),
            ("Content-Length: -1", .invalidLength), ("Content-Length: 0x1", .invalidLength),
            ("Content-Length: 1 1", .invalidLength), ("Content-Length: 1.0", .invalidLength),
            ("Content-Length: \u{661}", .invalidLength),
            ("Content-Length: 18446744073709551616", .invalidLength),
            ("Content-Length: 99999999999999999999999999999", .invalidLength),
            ("Content-Length: 18446744073709551615", .bodyTooLarge),
            ("Content-Length: 1048577", .bodyTooLarge),
            ("Transfer-Encoding: gzip, chunked", .unsupportedCoding),
            ("Transfer-Encoding: gzip", .invalidCoding),
            ("Transfer-Encoding: identity", .invalidCoding),
            ("Transfer-Encoding: chunked, gzip", .invalidCoding),
            ("Transfer-Encoding: chunked, chunked", .invalidCoding),
            ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", .invalidCoding),
            ("Transfer-Encoding: , chunked", .invalidCoding),
            ("Transfer-Encoding: chunked,", .invalidCoding),
            ("Transfer-Encoding: xchunked", .invalidCoding),
            ("Transfer-Encoding: \"chunked\"", .invalidCoding),
            ("Transfer-Encoding: chunked;q=1", .invalidCoding),
            ("Transfer-Encoding: \u{B}chunked", .invalidFieldValue),
            ("Transfer-Encoding:", .invalidCoding),
        ].map { (fields: String, error: HTTP1Error) in
            InvalidRequest("POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n", error)
        } + [
            InvalidRequest(
                "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
                .codingInHTTP10
            )
        ]

    private static let chunks =
        [
            ("\r\n", .invalidChunk), (";a\r\n", .invalidChunk), ("g\r\n", .invalidChunk),
            ("0x1\r\n", .invalidChunk), ("+1\r\n", .invalidChunk), ("-1\r\n", .invalidChunk),
            (" 1\r\n", .invalidChunk), ("1 \r\nx\r\n", .invalidChunk),
            ("1 ;a\r\nx\r\n", .invalidChunk), ("1; a\r\n", .invalidChunk),
            ("1;\r\n", .invalidChunk),
            ("1;a=\r\n", .invalidChunk), ("1;=a\r\n", .invalidChunk),
            ("1;a=b c\r\n", .invalidChunk),
            ("1;a=\"b\r\n", .invalidChunk), ("1;a=\"b\"c\r\n", .invalidChunk),
            ("1;a\u{0}\r\n", .invalidChunk), ("1\nx\r\n", .bareLF), ("\n", .bareLF),
            ("1;a\nx\r\n", .bareLF), ("1;a=\"\n\"\r\n", .bareLF), ("1\rx\r\n", .bareCR),
            ("1\r\r\n", .bareCR), ("00000000000000001\r\n", .invalidChunk),
            ("1\r\nxy\r\n", .invalidChunk), ("1\r\nx\n", .bareLF), ("1\r\nx\ry", .bareCR),
            ("100001\r\n", .bodyTooLarge), ("ffffffffffffffff\r\n", .bodyTooLarge),
            ("1\r\nx\r\n100000\r\n", .bodyTooLarge), ("0\r\n\n", .bareLF), ("0\r\n\rx", .bareCR),
            ("0\r\n A: b\r\n\r\n", .foldedLine), ("0\r\nA : b\r\n\r\n", .spaceBeforeColon),
            ("0\r\nA: b\u{0}\r\n\r\n", .invalidFieldValue), ("0\r\nxyz\r\n\r\n", .invalidFieldName),
            ("0\r\nContent-Length: 1\r\n\r\n", .forbiddenTrailer),
            ("0\r\ntransfer-encoding: x\r\n\r\n", .forbiddenTrailer),
            ("0\r\nA: b\r\nHOST: x\r\n\r\n", .forbiddenTrailer),
        ].map { (body: String, error: HTTP1Error) in
            InvalidRequest(ValidRequest.chunked + body, error)
        }
}
