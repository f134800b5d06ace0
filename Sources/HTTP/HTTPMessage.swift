/// A whole request, apart from how it travels.
package struct HTTPRequest: Hashable, Sendable {
    package var method: String
    /// The request target with its query, percent-encoded as it travels.
    package var path: String
    /// What `Host` or `:authority` says; never also among `headers`.
    package var authority: String?
    /// What `Host` says where that is not what the target or `:authority` says.
    package var otherHost: String?
    package var headers: HTTPHeaders
    package var body: [UInt8]

    package init(
        _ method: String,
        _ path: String,
        authority: String? = nil,
        headers: HTTPHeaders = [:],
        body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.authority = authority
        self.headers = headers
        self.body = body
    }

    /// A `GET`.
    package init(_ path: String, authority: String? = nil, headers: HTTPHeaders = [:]) {
        self.init("GET", path, authority: authority, headers: headers)
    }

    /// The path without its query, still percent-encoded.
    package var pathOnly: String {
        String(path[..<(queryMark ?? path.endIndex)])
    }

    /// The first query parameter of that name, decoded (`+` is a space, as forms write it).
    package func query(_ name: String) -> String? {
        guard let queryMark else { return nil }
        for pair in path.utf8[queryMark...].dropFirst().split(separator: UInt8(ascii: "&")) {
            let key = pair.prefix { $0 != UInt8(ascii: "=") }
            guard percentDecoded(key) == name else { continue }
            return percentDecoded(pair.dropFirst(key.count + 1))
        }
        return nil
    }

    // In bytes: as a Character, a `?` may hide in a cluster with what follows it.
    private var queryMark: String.Index? { path.utf8.firstIndex(of: UInt8(ascii: "?")) }
}

/// A whole response, apart from how it travels.
package struct HTTPResponse: Hashable, Sendable {
    package var status: Int
    package var headers: HTTPHeaders
    package var body: [UInt8]
    package var trailers: HTTPHeaders = [:]

    package init(_ status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The body as UTF-8, repaired where it is not.
    package var text: String { String(decoding: body, as: UTF8.self) }
}

/// Decodes `%41` and `+`; an incomplete or wrong escape stands for itself.
private func percentDecoded(_ text: Substring.UTF8View) -> String {
    var bytes: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
        if byte == UInt8(ascii: "%"), let value = hexPair(rest) {
            bytes.append(value)
            rest = rest.dropFirst(2)
        } else {
            bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

private func hexPair(_ bytes: Substring.UTF8View) -> UInt8? {
    let digits = bytes.prefix(2).compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    return digits.count == 2 ? UInt8(digits[0] << 4 | digits[1]) : nil
}
