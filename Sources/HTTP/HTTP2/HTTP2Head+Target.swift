extension RequestHead {
    /// Whether path and authority are as HTTP/1 demands them too, and name one host (RFC 9113
    /// section 8.3.1). nghttp2 looks at their characters alone, which lets a user before the host, a
    /// fragment and a `host` that contradicts `:authority` pass.
    var hasValidHTTP2Target: Bool {
        guard !path.contains(UInt8(ascii: "#")) else { return false }
        guard let authority else { return true }
        guard let base = bytes.baseAddress else { return false }
        let scanner = HTTP1Scanner(base.assumingMemoryBound(to: UInt8.self), bytes.count)
        guard scanner.isAuthority(storage.authority) else { return false }
        return value("host").map { isSameHost($0, authority) } ?? true
    }

    private func isSameHost(
        _ one: UnsafeBufferPointer<UInt8>,
        _ other: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        func small(_ byte: UInt8) -> UInt8 {
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
        }
        return one.elementsEqual(other) { small($0) == small($1) }
    }
}
