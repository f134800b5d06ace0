import CYaml

/// What libyaml's parser says next, as a Swift value.
enum YAMLEvent {
    case scalar(YAMLScalar, tag: String?, anchor: String?)
    case sequenceStart(tag: String?, anchor: String?)
    case mappingStart(tag: String?, anchor: String?)
    case collectionEnd
    case alias(String)
    case documentStart
    case streamEnd
    /// Begin of the stream, end of a document.
    case other
}

/// Owns a libyaml parser. The bytes must outlive it.
struct YAMLEvents: ~Copyable {
    // On the heap, for libyaml keeps a pointer from the parser to itself.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeBufferPointer<UInt8>
    private let file: String

    init(_ bytes: UnsafeBufferPointer<UInt8>, file: String) {
        self.bytes = bytes
        self.file = file
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        // It takes no input yet, and fails by nothing but memory.
        guard yaml_parser_initialize(parser) == 1 else { fatalError("out of memory") }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    /// The next event and where it begins.
    mutating func next() throws(YAMLError) -> (YAMLEvent, YAMLPlace) {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw YAMLError([problem]) }
        defer { yaml_event_delete(&event) }
        return (YAMLEvent(event), place(event.start_mark))
    }

    private func place(_ mark: yaml_mark_t) -> YAMLPlace {
        YAMLPlace(file: file, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }

    /// Why libyaml gave up. A fault of the encoding has a byte offset only, all others a mark.
    private var problem: YAMLProblem {
        let state = parser.pointee
        let message = state.problem.map { String(cString: $0) } ?? "cannot be read"
        if state.error == YAML_READER_ERROR {
            return YAMLProblem(message, at: place(ofByte: Int(state.problem_offset)))
        }
        let index = Int(state.problem_mark.index)
        // The mark's index counts characters; it is that of the byte only while all were ASCII.
        let isTab =
            index < bytes.count && bytes[index] == 0x09
            && bytes[..<index].allSatisfy { $0 < 0x80 }
        let hint = isTab ? " (a tab: indent by spaces)" : ""
        return YAMLProblem(message + context + hint, at: place(state.problem_mark))
    }

    /// What libyaml was doing, and where that began: the end of the file says little by itself.
    private var context: String {
        let state = parser.pointee
        guard let words = state.context else { return "" }
        let begin = place(state.context_mark)
        return " \(String(cString: words)) begun in line \(begin.line), column \(begin.column)"
    }

    private func place(ofByte offset: Int) -> YAMLPlace {
        let before = bytes.prefix(min(max(offset, 0), bytes.count))
        let line = before.reduce(into: 1) { count, byte in count += byte == 0x0a ? 1 : 0 }
        let lineStart = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
        let column = before[lineStart...].reduce(into: 1) { count, byte in
            count += byte & 0xc0 == 0x80 ? 0 : 1
        }
        return YAMLPlace(file: file, line: line, column: column)
    }
}

extension YAMLEvent {
    fileprivate init(_ event: yaml_event_t) {
        switch event.type {
        case YAML_SCALAR_EVENT:
            let data = event.data.scalar
            let text = UnsafeBufferPointer(start: data.value, count: data.length)
            self = .scalar(
                YAMLScalar(String(decoding: text, as: UTF8.self), style: .init(data.style)),
                tag: string(data.tag),
                anchor: string(data.anchor)
            )
        case YAML_SEQUENCE_START_EVENT:
            let data = event.data.sequence_start
            self = .sequenceStart(tag: string(data.tag), anchor: string(data.anchor))
        case YAML_MAPPING_START_EVENT:
            let data = event.data.mapping_start
            self = .mappingStart(tag: string(data.tag), anchor: string(data.anchor))
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: self = .collectionEnd
        case YAML_ALIAS_EVENT: self = .alias(string(event.data.alias.anchor) ?? "")
        case YAML_DOCUMENT_START_EVENT: self = .documentStart
        case YAML_STREAM_END_EVENT: self = .streamEnd
        default: self = .other
        }
    }
}

extension YAMLScalar.Style {
    fileprivate init(_ style: yaml_scalar_style_t) {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: self = .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: self = .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: self = .literal
        case YAML_FOLDED_SCALAR_STYLE: self = .folded
        default: self = .plain
        }
    }
}

private func string(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    text.map { String(cString: $0) }
}
