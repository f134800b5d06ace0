/// A reading position in bytes that may end anywhere.
///
/// Each method moves over one element, or throws why it cannot. Bytes are read strictly from left
/// to right and none behind a limit is looked at; thus a message fails for the same reason however
/// it was cut into pieces.
struct HTTP1Scanner {
    enum Stop: Error {
        /// The bytes ran out, and with more behind them may still be right.
        case end
        case failed(HTTP1Error)
    }

    let base: UnsafePointer<UInt8>
    let count: Int
    private let table = CharacterClass.table
    private(set) var end: Int
    private var atEnd = Stop.end
    var at = 0

    init(_ base: UnsafePointer<UInt8>, _ count: Int) {
        self.base = base
        self.count = count
        end = count
    }

    /// A scanner of one piece of these bytes.
    @inline(__always)
    func scanner(of slice: RequestHead.Slice) -> HTTP1Scanner {
        var scanner = self
        scanner.at = Int(slice.offset)
        scanner.end = Int(slice.offset) + Int(slice.length)
        return scanner
    }

    /// From now on, reaching this many bytes is an error.
    @inline(__always)
    mutating func limit(to limit: Int, orElse error: HTTP1Error) {
        end = min(count, limit)
        atEnd = count >= limit ? .failed(error) : .end
    }

    @inline(__always)
    func byte() throws(Stop) -> UInt8 {
        guard at < end else { throw atEnd }
        return base[at]
    }

    /// Moves over a line end; `other` is thrown for anything that is none.
    @inline(__always)
    mutating func lineEnd(orElse other: HTTP1Error) throws(Stop) {
        switch try byte() {
        case cr: break
        case lf: throw .failed(.bareLF)
        default: throw .failed(other)
        }
        guard at + 1 < end else { throw atEnd }
        guard base[at + 1] == lf else { throw .failed(.bareCR) }
        at += 2
    }

    /// Moves over one given byte.
    @inline(__always)
    mutating func expect(_ expected: UInt8, orElse error: HTTP1Error) throws(Stop) {
        guard try byte() == expected else { throw .failed(error) }
        at += 1
    }

    mutating func digit(orElse error: HTTP1Error) throws(Stop) -> Int {
        let byte = try byte()
        guard byte.isDigit else { throw .failed(error) }
        at += 1
        return Int(byte - UInt8(ascii: "0"))
    }

    /// Moves over characters of one class, maybe none.
    @inline(__always)
    mutating func skip(_ characters: CharacterClass) {
        var place = at
        while place < end, table[Int(base[place])] & characters.rawValue != 0 { place += 1 }
        at = place
    }

    /// Moves over what may stand in a field value, maybe nothing.
    @inline(__always)
    mutating func fieldValue() {
        var place = at
        defer { at = place }
        while place < end {
            while place + 8 <= end {
                let found = ByteWord(base + place).controls
                guard found == 0 else {
                    place += found.trailingZeroBitCount >> 3
                    break
                }
                place += 8
            }
            // The byte found, or one of the last few. A tab is a control byte, but may stand here.
            guard place < end, base[place].isFieldValue else { return }
            place += 1
        }
    }

    /// Moves over spaces and tabs, maybe none.
    @inline(__always)
    mutating func blanks() {
        while at < end, base[at].isBlank { at += 1 }
    }

    @inline(__always)
    func bytes(_ slice: RequestHead.Slice) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: base + Int(slice.offset), count: Int(slice.length))
    }
}

let cr = UInt8(ascii: "\r")
let lf = UInt8(ascii: "\n")
let space = UInt8(ascii: " ")
let colon = UInt8(ascii: ":")
