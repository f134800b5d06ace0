// What requests, responses and trailers share.
extension HTTP1Scanner {
    /// Moves over one field line; nil when it was the empty line that ends the section.
    @inline(__always)
    mutating func field() throws(Stop) -> RequestHead.Field? {
        let name = at
        skip(.token)
        let nameLength = at - name
        let next = try byte()
        guard nameLength > 0 else {
            guard !next.isBlank else { throw .failed(.foldedLine) }
            try lineEnd(orElse: .invalidFieldName)
            return nil
        }
        guard next == colon else {
            throw .failed(next.isBlank ? .spaceBeforeColon : .invalidFieldName)
        }
        at += 1
        blanks()
        let value = at
        fieldValue()
        var valueEnd = at
        try lineEnd(orElse: .invalidFieldValue)
        while valueEnd > value, base[valueEnd - 1].isBlank { valueEnd -= 1 }
        return RequestHead.Field(
            name: RequestHead.Slice(name, nameLength),
            value: RequestHead.Slice(value, valueEnd - value)
        )
    }

    /// Moves over `HTTP/1.0` or `HTTP/1.1`; true for 1.0.
    @inline(__always)
    mutating func version(orElse error: HTTP1Error) throws(Stop) -> Bool {
        if at + 8 <= end {
            if ByteWord(base + at).word == 0x312E_312F_5054_5448 {  // `HTTP/1.1` from its end
                at += 8
                return false
            }
        }
        for expected in UnsafeBufferPointer("HTTP/" as StaticString) {
            try expect(expected, orElse: error)
        }
        let major = try digit(orElse: error)
        try expect(UInt8(ascii: "."), orElse: error)
        let minor = try digit(orElse: error)
        guard major == 1, minor < 2 else { throw .failed(.unsupportedVersion) }
        return minor == 0
    }
}
