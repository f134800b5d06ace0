/// The line before a chunk: its size, maybe extensions, CRLF. It is taken byte by byte.
///
/// Extensions are checked and dropped. White space around them is not taken, though RFC 9112
/// section 7.1.1 asks recipients to bear it: nobody sends it but who looks for differences.
struct ChunkLine: Hashable, Sendable {
    private enum Place: Hashable, Sendable {
        case size
        case nameStart, name
        case valueStart, value
        case quoted, escaped, quoteEnd
        case lineFeed
    }

    private var place = Place.size
    private var size: UInt64 = 0
    private var digits = 0
    /// Bytes of extensions that the whole body may still have: they carry nothing, and a body of
    /// tiny chunks with long extensions would cost its reader far more than its size allows.
    private var extensionsLeft: Int

    init(maxExtensions: Int) { extensionsLeft = maxExtensions }

    /// Takes one byte; the size once the line is complete.
    mutating func take(_ byte: UInt8) throws(HTTP1Error) -> UInt64? {
        switch place {
        case .size:
            try takeSize(byte)
        case .lineFeed:
            guard byte == lf else { throw .bareCR }
            defer { (place, size, digits) = (.size, 0, 0) }
            return size
        default:
            extensionsLeft -= 1
            guard extensionsLeft >= 0 else { throw .extensionsTooLarge }
            try takeExtension(byte)
        }
        return nil
    }

    private mutating func takeSize(_ byte: UInt8) throws(HTTP1Error) {
        guard let digit = byte.hexValue else {
            guard digits > 0 else { throw byte == lf ? .bareLF : .invalidChunk }
            return try endElement(byte)
        }
        // 16 digits fill 64 bits; leading zeros count too.
        digits += 1
        guard digits <= 16 else { throw .invalidChunk }
        size = size << 4 | UInt64(digit)
    }

    private mutating func takeExtension(_ byte: UInt8) throws(HTTP1Error) {
        switch place {
        case .nameStart where byte.isToken: place = .name
        case .name where byte.isToken: break
        case .name where byte == UInt8(ascii: "="): place = .valueStart
        case .valueStart where byte.isToken: place = .value
        case .valueStart where byte == quote: place = .quoted
        case .value where byte.isToken: break
        case .quoted where byte == quote: place = .quoteEnd
        case .quoted where byte == UInt8(ascii: "\\"): place = .escaped
        case .quoted where byte.isFieldValue: break
        case .escaped where byte.isFieldValue: place = .quoted
        case .name, .value, .quoteEnd: try endElement(byte)
        default: throw byte == lf ? .bareLF : .invalidChunk
        }
    }

    private mutating func endElement(_ byte: UInt8) throws(HTTP1Error) {
        switch byte {
        case UInt8(ascii: ";"): place = .nameStart
        case cr: place = .lineFeed
        case lf: throw .bareLF
        default: throw .invalidChunk
        }
    }
}

private let quote = UInt8(ascii: "\"")
