/// Cuts the text of a `.proto` file into tokens; comments and white space fall away.
struct ProtoLexer {
    private let text: [UInt8]
    private(set) var position = 0
    private var line = 1
    /// The last byte whose column is known.
    private var marked = (position: 0, column: 1)
    private var tokens: [ProtoToken] = []

    private init(_ text: [UInt8]) { self.text = text }

    /// The tokens of a file, the last of them `.end`.
    static func tokens(of text: [UInt8]) throws(ProtoSyntaxError) -> [ProtoToken] {
        var lexer = ProtoLexer(text)
        lexer.tokens.reserveCapacity(text.count / 5 + 1)
        if text.starts(with: [0xEF, 0xBB, 0xBF]) {
            lexer.position = 3
            lexer.marked.position = 3
        }
        while try lexer.skipBlanks() { try lexer.readToken() }
        lexer.tokens.append(ProtoToken(kind: .end, text: "", place: lexer.place))
        return lexer.tokens
    }

    /// Zero behind the end, which no token holds.
    func peek(_ distance: Int = 0) -> UInt8 {
        position + distance < text.count ? text[position + distance] : 0
    }

    mutating func advance(_ count: Int = 1) { position += count }

    /// Of the next byte. A column is a character, not a byte of its UTF-8.
    var place: ProtoPlace {
        mutating get {
            let passed = text[min(marked.position, position)..<min(position, text.count)]
            marked.column = passed.reduce(marked.column) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
            marked.position = position
            return ProtoPlace(line: line, column: marked.column)
        }
    }

    private mutating func newLine() {
        line += 1
        marked = (position, 1)
    }

    // MARK: - Blanks

    /// False at the end.
    private mutating func skipBlanks() throws(ProtoSyntaxError) -> Bool {
        while position < text.count {
            switch (peek(), peek(1)) {
            case (UInt8(ascii: "\n"), _):
                advance()
                newLine()
            case (UInt8(ascii: " "), _), (9, _), (11...13, _): advance()
            case (UInt8(ascii: "/"), UInt8(ascii: "/")):
                while position < text.count, peek() != UInt8(ascii: "\n"), peek() != 0 { advance() }
            case (UInt8(ascii: "/"), UInt8(ascii: "*")): try skipBlockComment()
            case (0..<32, _): throw ProtoSyntaxError("a control character", at: place)
            case (0x80..., _):
                throw ProtoSyntaxError(
                    "only comments and strings may hold characters beyond ASCII",
                    at: place
                )
            default: return true
            }
        }
        return false
    }

    private mutating func skipBlockComment() throws(ProtoSyntaxError) {
        let start = place
        advance(2)
        while position < text.count, peek() != 0 {
            switch (peek(), peek(1)) {
            case (UInt8(ascii: "*"), UInt8(ascii: "/")):
                advance(2)
                return
            case (UInt8(ascii: "/"), UInt8(ascii: "*")):
                throw ProtoSyntaxError("\"/*\" inside a comment; they do not nest", at: place)
            case (UInt8(ascii: "\n"), _):
                advance()
                newLine()
            default: advance()
            }
        }
        throw ProtoSyntaxError("this comment does not end", at: start)
    }

    // MARK: - Tokens

    private mutating func readToken() throws(ProtoSyntaxError) {
        let (start, place) = (position, place)
        var kind = ProtoToken.Kind.symbol
        var bytes: [UInt8] = []
        switch peek() {
        case let byte where byte.isProtoLetter:
            kind = .identifier
            while peek().isProtoLetter || peek().isDigit { advance() }
        case let byte where byte.isDigit: kind = try readNumber()
        case UInt8(ascii: ".") where peek(1).isDigit:
            if let last = tokens.last, last.kind == .identifier, last.place.line == place.line,
                last.place.column + last.text.utf8.count == place.column
            {
                throw ProtoSyntaxError("a space is needed between a name and a number", at: place)
            }
            kind = try readNumber()
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            kind = .string
            bytes = try readString()
        default: advance()
        }
        tokens.append(
            ProtoToken(
                kind: kind,
                text: String(decoding: text[start..<position], as: UTF8.self),
                bytes: bytes,
                place: place
            )
        )
    }

    private mutating func readNumber() throws(ProtoSyntaxError) -> ProtoToken.Kind {
        let start = place
        var kind = ProtoToken.Kind.integer
        if peek() == UInt8(ascii: "0"), peek(1) | 0x20 == UInt8(ascii: "x") {
            advance(2)
            guard peek().digitValue != nil else {
                throw ProtoSyntaxError("0x without a hexadecimal digit", at: start)
            }
            while peek().digitValue != nil { advance() }
        } else if peek() == UInt8(ascii: "0"), peek(1).isDigit {
            while peek().isDigit {
                guard peek() < UInt8(ascii: "8") else {
                    throw ProtoSyntaxError("a number that begins with 0 is octal", at: start)
                }
                advance()
            }
        } else {
            while peek().isDigit { advance() }
            if peek() == UInt8(ascii: ".") {
                kind = .float
                advance()
                while peek().isDigit { advance() }
            }
            if peek() | 0x20 == UInt8(ascii: "e") {
                kind = .float
                advance()
                if peek() == UInt8(ascii: "-") || peek() == UInt8(ascii: "+") { advance() }
                guard peek().isDigit else {
                    throw ProtoSyntaxError("an exponent without a digit", at: start)
                }
                while peek().isDigit { advance() }
            }
        }
        if peek().isProtoLetter {
            throw ProtoSyntaxError("a space is needed between a number and a name", at: place)
        }
        if peek() == UInt8(ascii: ".") {
            throw ProtoSyntaxError("a number with a dot too many", at: start)
        }
        return kind
    }
}
