import Testing

/// Bytes that two parties could read as different requests, and how they must be answered. Behind
/// each comes a good request to `/next`: it may be seen only where the shape is allowed.
struct SmugglingShape: CustomTestStringConvertible, Sendable {
    let what: String
    let bytes: String
    let statuses: [Int]
    /// What the handler sees: method, authority, path and body.
    let seen: [String]

    var testDescription: String { what }

    static let next = "GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    private static let hidden = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let nextSeen = "GET a /next "

    /// Refused, which ends the connection.
    private static func refused(_ what: String, _ bytes: String, _ status: Int = 400) -> Self {
        Self(what: what, bytes: bytes, statuses: [status], seen: [])
    }

    private static func taken(_ what: String, _ bytes: String, _ seen: String...) -> Self {
        Self(
            what: what,
            bytes: bytes,
            statuses: Array(repeating: 200, count: seen.count + 1),
            seen: seen + [nextSeen]
        )
    }

    private static func post(_ fields: String, _ body: String) -> String {
        "POST /p HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n\(body)"
    }

    private static func chunked(_ body: String) -> String {
        post("Transfer-Encoding: chunked", body)
    }

    private static func get(_ fields: String) -> String { "GET /g HTTP/1.1\r\n\(fields)\r\n\r\n" }

    private static let chunkedHidden = "0\r\n\r\n\(hidden)"

    static let all = lengths + codings + chunks + lines + fields + targets

    private static let lengths = [
        refused("CL.TE", post("Content-Length: 40\r\nTransfer-Encoding: chunked", chunkedHidden)),
        refused("TE.CL", post("Transfer-Encoding: chunked\r\nContent-Length: 4", chunkedHidden)),
        refused(
            "CL 0 and TE",
            post("Content-Length: 0\r\nTransfer-Encoding: chunked", chunkedHidden)
        ),
        refused("two lengths that differ", post("Content-Length: 0\r\nContent-Length: 38", hidden)),
        refused("two lengths that agree", post("Content-Length: 2\r\nContent-Length: 2", "hi")),
        refused("a list of lengths", post("Content-Length: 2, 2", "hi")),
        refused("a length with a sign", post("Content-Length: +2", "hi")),
        refused("a length in hexadecimal", post("Content-Length: 0x2", "hi")),
        refused("a negative length", post("Content-Length: -1", hidden)),
        refused("a length above 2^64", post("Content-Length: 18446744073709551618", "hi")),
        refused("a length with a space within", post("Content-Length: 1 0", "0123456789")),
        refused("an empty length", post("Content-Length:", hidden)),
        refused("a length behind a folded line", post("X: y\r\n Content-Length: 38", hidden)),
        refused("a space before the length's colon", post("Content-Length : 38", hidden)),
        refused(
            "NUL before the length's name",
            post("\u{0}Content-Length: 2", "hi")
        ),
        taken("a name that is like a length's", post("Content_Length: 38", ""), "POST a /p "),
        taken("a request within a body", post("Content-Length: 33", hidden), "POST a /p \(hidden)"),
        taken(
            "a GET with a body",
            "GET /g HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi",
            "GET a /g hi"
        ),
    ]

    private static let codings =
        [
            "chunked, chunked", "chunked, identity", "identity", "gzip",
            "chunked, gzip", "xchunked", "chunkedx", "\"chunked\"", "chunked;q=0", "chunked,",
            ", chunked",
            "", "\u{B}chunked", "chunked\u{0}", "ch\tunked", "chunked chunked",
        ].map { refusedCoding($0) } + [
            refused(
                "gzip and chunked",
                post("Transfer-Encoding: gzip, chunked", chunkedHidden),
                501
            ),
            refused(
                "identity and chunked",
                post("Transfer-Encoding: identity, chunked", chunkedHidden),
                501
            ),
            refused(
                "two codings",
                post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", chunkedHidden)
            ),
            refused(
                "a coding, and one that is none",
                post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", chunkedHidden)
            ),
            refused(
                "a space before the coding's colon",
                post("Transfer-Encoding : chunked", chunkedHidden)
            ),
            refused("a folded coding", post("Transfer-Encoding:\r\n chunked", chunkedHidden)),
            refused(
                "a coding behind a bare CR",
                post("X: y\rTransfer-Encoding: chunked", chunkedHidden)
            ),
            refused(
                "a coding behind a bare LF",
                post("X: y\nTransfer-Encoding: chunked", chunkedHidden)
            ),
            refused(
                "a coding in HTTP/1.0",
                "POST /p HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(chunkedHidden)"
            ),
            taken(
                "a coding in capitals",
                post("Transfer-Encoding: CHUNKED", "0\r\n\r\n"),
                "POST a /p "
            ),
            taken(
                "a coding between blanks",
                post("Transfer-Encoding: \t chunked \t", "0\r\n\r\n"),
                "POST a /p "
            ),
        ]

    private static func refusedCoding(_ coding: String) -> Self {
        refused(
            "the coding \(coding.debugDescription)",
            post("Transfer-Encoding: \(coding)", chunkedHidden)
        )
    }

    private static let chunks = [
        refused(
            "a chunk of 2^64 bytes and five",
            chunked("10000000000000005\r\nhello\r\n0\r\n\r\n")
        ),
        refused("a chunk of 2^32 bytes and five", chunked("100000005\r\nhello\r\n0\r\n\r\n"), 413),
        refused("a negative chunk", chunked("-5\r\nhello\r\n0\r\n\r\n")),
        refused("a chunk with a sign", chunked("+5\r\nhello\r\n0\r\n\r\n")),
        refused("a chunk with 0x", chunked("0x5\r\nhello\r\n0\r\n\r\n")),
        refused("a space before a chunk's size", chunked(" 5\r\nhello\r\n0\r\n\r\n")),
        refused("a space behind a chunk's size", chunked("5 \r\nhello\r\n0\r\n\r\n")),
        refused("a chunk without a size", chunked("\r\nhello\r\n0\r\n\r\n")),
        refused("a chunk's size that ends by LF", chunked("5\nhello\r\n0\r\n\r\n")),
        refused("a chunk's size that ends by CR", chunked("5\rhello\r\n0\r\n\r\n")),
        refused("a chunk longer than its size", chunked("5\r\nhello!\r\n0\r\n\r\n")),
        refused("a chunk shorter than its size", chunked("6\r\nhello\r\n0\r\n\r\n")),
        refused("a chunk that ends by LF", chunked("5\r\nhello\n0\r\n\r\n")),
        refused("LF in a chunk's extension", chunked("5;a\nhello\r\n0\r\n\r\n")),
        refused("CR in a chunk's extension", chunked("5;a\rb\r\nhello\r\n0\r\n\r\n")),
        refused("LF in a quoted extension", chunked("5;a=\"\n\"\r\nhello\r\n0\r\n\r\n")),
        refused("NUL in a chunk's extension", chunked("5;a\u{0}\r\nhello\r\n0\r\n\r\n")),
        refused("a last chunk whose section ends by LF", chunked("0\r\n\n")),
        refused("Content-Length in a trailer", chunked("0\r\nContent-Length: 38\r\n\r\n\(hidden)")),
        refused(
            "Transfer-Encoding in a trailer",
            chunked("0\r\nTransfer-Encoding: chunked\r\n\r\n")
        ),
        refused("Host in a trailer", chunked("0\r\nHost: b\r\n\r\n")),
        refused("a folded trailer", chunked("0\r\nA: b\r\n c\r\n\r\n")),
        refused("a space before a trailer's colon", chunked("0\r\nA : b\r\n\r\n")),
        taken(
            "extensions",
            chunked("5;a;b=c;d=\"e\\\"\"\r\nhello\r\n0;f\r\n\r\n"),
            "POST a /p hello"
        ),
        taken(
            "a last chunk of many zeros",
            chunked("5\r\nhello\r\n0000\r\n\r\n"),
            "POST a /p hello"
        ),
        taken("a trailer", chunked("5\r\nhello\r\n0\r\nA: b\r\n\r\n"), "POST a /p hello"),
        taken(
            "a request within a chunk",
            chunked("21\r\n\(hidden)\r\n0\r\n\r\n"),
            "POST a /p \(hidden)"
        ),
    ]

    private static let lines = [
        refused("a line that ends by LF", "GET /g HTTP/1.1\nHost: a\n\n"),
        refused("a request line that ends by LF", "GET /g HTTP/1.1\nHost: a\r\n\r\n"),
        refused("a request line that ends by CR", "GET /g HTTP/1.1\rHost: a\r\n\r\n"),
        refused("two empty lines before the request", "\r\n\r\n\(get("Host: a"))"),
        refused("LF before the request", "\n\(get("Host: a"))"),
        refused("a space before the method", " \(get("Host: a"))"),
        refused("a tab behind the method", "GET\t/g HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused("two spaces behind the method", "GET  /g HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused("a space in the target", "GET /g /h HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused("two spaces before the version", "GET /g  HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused("a space behind the version", "GET /g HTTP/1.1 \r\nHost: a\r\n\r\n"),
        refused("HTTP/0.9", "GET /g\r\n"),
        refused("HTTP/0.9 by its number", "GET /g HTTP/0.9\r\nHost: a\r\n\r\n", 505),
        refused("HTTP/1.2", "GET /g HTTP/1.2\r\nHost: a\r\n\r\n", 505),
        refused("HTTP/2.0", "GET /g HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        refused("HTTP/1.1 with a zero before it", "GET /g HTTP/01.1\r\nHost: a\r\n\r\n"),
        refused("a version in small letters", "GET /g http/1.1\r\nHost: a\r\n\r\n"),
        refused("another protocol", "GET /g ICAP/1.1\r\nHost: a\r\n\r\n"),
        refused(
            "a method of 9000 bytes",
            String(repeating: "M", count: 9000) + " /g HTTP/1.1\r\n",
            414
        ),
        refused(
            "a target of 9000 bytes",
            "GET /\(String(repeating: "g", count: 9000)) HTTP/1.1\r\n",
            414
        ),
        taken("one empty line before the request", "\r\n\(get("Host: a"))", "GET a /g "),
        taken("a method nobody knows", "FROB /g HTTP/1.1\r\nHost: a\r\n\r\n", "FROB a /g "),
    ]

    private static let fields =
        [
            ("NUL in a value", "X: a\u{0}b"), ("CR in a value", "X: a\rb"),
            ("LF in a value", "X: a\nb"),
            ("CR CR LF", "X: a\r"), ("DEL in a value", "X: a\u{7F}b"),
            ("NUL in a name", "X\u{0}: a"),
            ("a space in a name", "X Y: a"), ("a space before the colon", "X : a"),
            ("a tab before the colon", "X\t: a"), ("a name in brackets", "(X): a"),
            ("no name", ": a"),
            ("no colon", "X"), ("a folded line", "X: a\r\n b"),
            ("a line folded by a tab", "X: a\r\n\tb"),
            ("a folded line of blanks", "X: a\r\n  "), ("a name above ASCII", "Ä: a"),
        ].map { refused($0.0, get("Host: a\r\n\($0.1)")) } + [
            refused("a folded first line", "GET /g HTTP/1.1\r\n X: a\r\nHost: a\r\n\r\n"),
            taken("a value above ASCII", get("Host: a\r\nX: ä"), "GET a /g "),
        ]

    private static let targets = [
        refused("no Host", "GET /g HTTP/1.1\r\n\r\n"),
        refused("two hosts", get("Host: a\r\nHost: b")),
        refused("the same Host twice", get("Host: a\r\nHost: a")),
        refused("an empty Host and another", get("Host:\r\nHost: a")),
        refused("a list of hosts", get("Host: a, b")),
        refused("a user in Host", get("Host: u@a")),
        refused("a path in Host", get("Host: a/b")),
        refused("a folded Host", get("Host: a\r\n b")),
        refused("an absolute target without Host", "GET http://b/g HTTP/1.1\r\n\r\n"),
        refused("an absolute target with a user", "GET http://u@b/g HTTP/1.1\r\nHost: b\r\n\r\n"),
        refused(
            "an absolute target of another scheme",
            "GET ftp://b/g HTTP/1.1\r\nHost: b\r\n\r\n"
        ),
        refused("an absolute target without a host", "GET http:///g HTTP/1.1\r\nHost: b\r\n\r\n"),
        refused("a target without a slash", "GET g HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused("a fragment in the target", "GET /g#x HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused("a target above ASCII", "GET /ü HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused("* for another method than OPTIONS", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
        refused("CONNECT with a path", "CONNECT /g HTTP/1.1\r\nHost: a\r\n\r\n"),
        // RFC 9112 section 3.2.2: the target counts, and Host does not.
        taken(
            "an absolute target with another Host",
            "GET http://b/g HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET b /g "
        ),
        taken("a target of two slashes", "GET //b/g HTTP/1.1\r\nHost: a\r\n\r\n", "GET a //b/g "),
    ]
}
