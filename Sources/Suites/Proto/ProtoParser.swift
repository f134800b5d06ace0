/// Reads the tokens of one file into nodes, by the grammar of protoc. It stops at the first problem.
struct ProtoParser {
    /// Of the name of a package or an option.
    static let maximumParts = 100

    let file: FileNode
    private let tokens: [ProtoToken]
    private var position = 0

    private init(_ tokens: [ProtoToken], _ name: String) {
        self.tokens = tokens
        file = FileNode(name)
    }

    static func parse(_ text: [UInt8], name: String) throws(ProtoSyntaxError) -> FileNode {
        var parser = ProtoParser(try ProtoLexer.tokens(of: text), name)
        try parser.readFile()
        return parser.file
    }

    // MARK: - Tokens

    var current: ProtoToken { tokens[position] }

    var tokenAfter: ProtoToken { tokens[min(position + 1, tokens.count - 1)] }

    func at(_ text: String) -> Bool { current.kind != .string && current.text == text }

    mutating func advance() { position = min(position + 1, tokens.count - 1) }

    mutating func take(_ text: String) -> Bool {
        guard at(text) else { return false }
        advance()
        return true
    }

    /// An error about the current token.
    func expected(_ what: String) -> ProtoSyntaxError {
        ProtoSyntaxError("expected \(what), found \(current.described)", at: current.place)
    }

    mutating func expect(_ text: String) throws(ProtoSyntaxError) {
        guard take(text) else { throw expected("\"\(text)\"") }
    }

    mutating func identifier(_ what: String) throws(ProtoSyntaxError) -> String {
        guard current.kind == .identifier else { throw expected(what) }
        defer { advance() }
        return current.text
    }

    /// Strings side by side are one.
    mutating func string(_ what: String) throws(ProtoSyntaxError) -> [UInt8] {
        guard current.kind == .string else { throw expected(what) }
        var bytes: [UInt8] = []
        while current.kind == .string {
            bytes += current.bytes
            advance()
        }
        return bytes
    }

    mutating func text(_ what: String) throws(ProtoSyntaxError) -> String {
        let place = current.place
        guard let text = String(validating: try string(what), as: UTF8.self) else {
            throw ProtoSyntaxError("\(what) that is not UTF-8", at: place)
        }
        return text
    }

    mutating func integer(upTo limit: UInt64, _ what: String) throws(ProtoSyntaxError) -> UInt64 {
        guard current.kind == .integer else { throw expected(what) }
        guard let number = ProtoLiterals.integer(current.text), number <= limit else {
            throw ProtoSyntaxError("\(current.text) is out of range", at: current.place)
        }
        advance()
        return number
    }

    /// Of 32 bits; `what` is expected.
    mutating func int32(signed: Bool, _ what: String) throws(ProtoSyntaxError) -> Int32 {
        let isNegative = signed && take("-")
        let limit = UInt64(Int32.max) + (isNegative ? 1 : 0)
        let number = Int64(try integer(upTo: limit, what))
        return Int32(truncatingIfNeeded: isNegative ? -number : number)
    }

    /// `a.b.C`, with a leading dot or not.
    mutating func typeName() throws(ProtoSyntaxError) -> String {
        if current.kind == .identifier, FieldNode.scalars(in: file.edition)[current.text] != nil {
            throw expected("the name of a message")
        }
        var name = take(".") ? "." : ""
        name += try identifier("a type")
        while take(".") { name += "." + (try identifier("a name")) }
        return name
    }

    /// The tokens between braces, the first of which is the current token.
    mutating func bracedTokens() throws(ProtoSyntaxError) -> ArraySlice<ProtoToken> {
        let start = current.place
        try expect("{")
        let first = position
        var depth = 1
        while current.kind != .end {
            if at("{") { depth += 1 }
            if at("}") { depth -= 1 }
            if depth == 0 {
                defer { advance() }
                return tokens[first..<position]
            }
            advance()
        }
        throw ProtoSyntaxError("this brace is not closed", at: start)
    }

    /// Reads what stands in braces, statement by statement. Oneofs and extends take no empty one.
    mutating func block(
        allowingEmptyStatements: Bool = true,
        _ statement: (inout ProtoParser) throws(ProtoSyntaxError) -> Void
    ) throws(ProtoSyntaxError) {
        let start = current.place
        try expect("{")
        while !take("}") {
            if current.kind == .end {
                throw ProtoSyntaxError("this brace is not closed", at: start)
            }
            if allowingEmptyStatements, take(";") { continue }
            try statement(&self)
        }
    }

    /// `[a = 1, b = 2]`, if there is any.
    mutating func bracketed(
        _ entry: (inout ProtoParser) throws(ProtoSyntaxError) -> Void
    ) throws(ProtoSyntaxError) {
        guard take("[") else { return }
        repeat { try entry(&self) } while take(",")
        try expect("]")
    }
}
