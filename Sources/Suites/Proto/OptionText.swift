/// Reads a message in text format, as it stands between the braces of an option.
struct OptionText {
    private let tokens: ArraySlice<ProtoToken>
    private var position: Int
    private let end: ProtoToken
    private let linker: ProtoLinker
    private let file: FileNode
    private var depth = 0

    private static let maximumDepth = 100

    init(
        _ tokens: ArraySlice<ProtoToken>,
        after place: ProtoPlace,
        for linker: ProtoLinker,
        _ file: FileNode
    ) {
        self.tokens = tokens
        position = tokens.startIndex
        end = ProtoToken(kind: .end, text: "", place: tokens.last?.place ?? place)
        (self.linker, self.file) = (linker, file)
        skipComments()
    }

    mutating func readAll(as type: MessageNode) throws(ProtoSyntaxError) -> OptionMessage {
        let message = try readFields(of: type, until: nil)
        guard current.kind == .end else { throw expected("a field") }
        return message
    }

    // MARK: - Tokens

    var current: ProtoToken { position < tokens.endIndex ? tokens[position] : end }

    mutating func advance() {
        position = min(position + 1, tokens.endIndex)
        skipComments()
    }

    /// In this format `#` makes the rest of a line a comment.
    private mutating func skipComments() {
        while current.isSymbol("#") {
            let line = current.place.line
            while position < tokens.endIndex, current.place.line == line { position += 1 }
        }
    }

    mutating func take(_ symbol: String) -> Bool {
        guard current.isSymbol(symbol) else { return false }
        advance()
        return true
    }

    mutating func expect(_ symbol: String) throws(ProtoSyntaxError) {
        guard take(symbol) else { throw expected("\"\(symbol)\"") }
    }

    func expected(_ what: String) -> ProtoSyntaxError {
        ProtoSyntaxError("expected \(what), found \(current.described)", at: current.place)
    }

    mutating func enter() throws(ProtoSyntaxError) {
        depth += 1
        guard depth <= Self.maximumDepth else {
            let message = "a value nests deeper than \(Self.maximumDepth) levels"
            throw ProtoSyntaxError(message, at: current.place)
        }
    }

    mutating func leave() { depth -= 1 }

    // MARK: - Fields

    private mutating func readFields(
        of type: MessageNode,
        until end: String?
    ) throws(ProtoSyntaxError) -> OptionMessage {
        try enter()
        defer { leave() }
        var message = OptionMessage()
        message.isMessageSet = type.isMessageSet
        while !current.isSymbol("}"), !current.isSymbol(">"), current.kind != .end {
            try readField(of: type, into: &message)
            if !take(";") { _ = take(",") }
        }
        if let end { try expect(end) }
        message.completeMapEntry(of: type)
        if let missing = type.fields.first(where: {
            $0.isRequired && message.fields[$0.number] == nil
        }) {
            throw ProtoSyntaxError("\(type.name) lacks \(missing.name)", at: current.place)
        }
        return message
    }

    private mutating func readField(
        of type: MessageNode,
        into message: inout OptionMessage
    ) throws(ProtoSyntaxError) {
        let place = current.place
        let field: FieldNode
        if take("[") {
            let name = try readBracketedName()
            if type.fullName == "google.protobuf.Any" {
                return try readAny(name, of: type, into: &message, place)
            }
            field = try find(extension: name, of: type, place)
        } else {
            guard current.kind == .identifier else { throw expected("a field's name") }
            let name = current.text
            advance()
            guard let known = type.field(called: name) else {
                if type.reservedNames.contains(where: { $0.name == name }) {
                    return try skipValue()
                }
                let hint = nearest(to: name, among: type.fieldsByName.keys)
                throw ProtoSyntaxError("\(type.fullName) has no \(name)\(hint)", at: place)
            }
            field = known
        }
        try checkIsFirst(field, in: message, place)
        if field.isMessage { _ = take(":") } else { try expect(":") }
        guard field.isRepeated, take("[") else {
            return message.add(try readValue(of: field), to: field)
        }
        if take("]") { return }
        repeat { message.add(try readValue(of: field), to: field) } while take(",")
        try expect("]")
    }

    private func checkIsFirst(
        _ field: FieldNode,
        in message: OptionMessage,
        _ place: ProtoPlace
    ) throws(ProtoSyntaxError) {
        if !field.isRepeated, message.fields[field.number] != nil {
            throw ProtoSyntaxError("\(field.name) is set already", at: place)
        }
        guard let oneof = field.oneof else { return }
        if let other = message.fields.values.first(where: { $0.node.oneof === oneof }) {
            throw ProtoSyntaxError(
                "\(field.name) and \(other.node.name) are of one oneof, \(oneof.name)",
                at: place
            )
        }
    }

    /// What stands in brackets: a name, or a URL that ends in one.
    mutating func readBracketedName() throws(ProtoSyntaxError) -> String {
        var name = ""
        let place = current.place
        while current.kind != .end, current.kind != .string, !current.isSymbol("]") {
            name += current.text
            advance()
        }
        try expect("]")
        let last = name.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let parts = last.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ String($0).isProtoIdentifier }) else {
            throw ProtoSyntaxError("expected a full name, found [\(name)]", at: place)
        }
        return name
    }

    private func find(
        extension name: String,
        of type: MessageNode,
        _ place: ProtoPlace
    ) throws(ProtoSyntaxError) -> FieldNode {
        switch linker.symbols.find(name, in: type.fullName, from: file) {
        case .field(let field)? where field.isExtension && field.extendee === type: return field
        case .message(let element)? where type.isMessageSet:
            // An element of a message set may be called by its type.
            let field = element.extensions.first {
                $0.extendee === type && $0.messageType === element && $0.label == .optional
            }
            if let field { return field }
        default: break
        }
        let hint = linker.symbols.extensionHint(about: name, in: type.fullName, from: file)
        throw ProtoSyntaxError("[\(name)] is no extension of \(type.fullName)\(hint)", at: place)
    }

    /// `[type.googleapis.com/name] { … }` in an `Any`.
    private mutating func readAny(
        _ url: String,
        of type: MessageNode,
        into message: inout OptionMessage,
        _ place: ProtoPlace
    ) throws(ProtoSyntaxError) {
        let name = url.split(separator: "/").last.map(String.init) ?? ""
        let hosts = ["type.googleapis.com/", "type.googleprod.com/"]
        guard hosts.contains(where: { url == $0 + name }),
            case .message(let inner)? = linker.symbols.find(name, from: file),
            let typeURL = type.fieldsByName["type_url"], let value = type.fieldsByName["value"]
        else { throw ProtoSyntaxError("there is no type [\(url)]", at: place) }
        try checkIsFirst(typeURL, in: message, place)
        try checkIsFirst(value, in: message, place)
        _ = take(":")
        message.add(.bytes(Array(url.utf8)), to: typeURL)
        message.add(.bytes(try readMessage(as: inner).encoded), to: value)
    }

    mutating func readMessage(
        as type: MessageNode
    ) throws(ProtoSyntaxError) -> OptionMessage {
        let end = current.isSymbol("<") ? ">" : "}"
        if !take("<") { try expect("{") }
        return try readFields(of: type, until: end)
    }
}

extension MessageNode {
    /// By its name, or a group by its message's name.
    fileprivate func field(called name: String) -> FieldNode? {
        if let field = fieldsByName[name] { return field }
        let field = fieldsByName[name.lowercasedASCII]
        return field?.isGroupLike == true && field?.messageType?.name == name ? field : nil
    }
}

extension OptionMessage {
    /// An entry of a map has both of its fields, zero if not written.
    fileprivate mutating func completeMapEntry(of type: MessageNode) {
        guard type.isMapEntry else { return }
        for field in type.fields where fields[field.number] == nil {
            switch field.kind {
            case .message, .group: add(.message(OptionMessage()), to: field)
            case .string, .bytes: add(.bytes([]), to: field)
            case .double, .float: add(field.value(0.0), to: field)
            default: add(field.value(Int128(0)) ?? .varint(0), to: field)
            }
        }
    }
}
