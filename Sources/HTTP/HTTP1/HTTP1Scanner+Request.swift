extension HTTP1Scanner {
    /// Moves over a whole request head and fills `head` from it.
    mutating func request(
        into head: inout RequestHead.Storage,
        limits: HTTPLimits
    ) throws(Stop) {
        head.reset()
        // One empty line may come first (RFC 9112 section 2.2): some clients end a body with it.
        let first = try byte()
        if first == cr || first == lf { try lineEnd(orElse: .emptyLines) }
        let start = at
        limit(to: start + limits.maxRequestLine, orElse: .requestLineTooLong)
        try requestLine(into: &head)
        limit(to: start + limits.maxHeaderBytes, orElse: .headTooLarge)
        try requestFields(into: &head, limits)
    }

    @inline(__always)
    private mutating func requestLine(into head: inout RequestHead.Storage) throws(Stop) {
        let method = at
        skip(.token)
        head.method = RequestHead.Slice(method, at - method)
        let next = try byte()
        guard at > method, next == space else {
            let isLineEnd = next == cr || next == lf
            throw .failed(isLineEnd && at == method ? .emptyLines : .invalidMethod)
        }
        at += 1
        let target = at
        skip(.target)
        head.path = RequestHead.Slice(target, at - target)
        guard at > target || at == end else { throw .failed(.invalidTarget) }
        try expect(space, orElse: .invalidTarget)
        head.isHTTP10 = try version(orElse: .invalidVersion)
        try lineEnd(orElse: .invalidVersion)
        // Origin form, which all but proxies send, needs no more than this look.
        if base[target] != UInt8(ascii: "/") || head.method.length == 7 { try splitTarget(&head) }
    }

    /// The three rarer forms of a target (RFC 9112 section 3.2).
    private func splitTarget(_ head: inout RequestHead.Storage) throws(Stop) {
        let target = bytes(head.path)
        let isConnect = bytes(head.method).equals("CONNECT")
        if target.equals("*"), bytes(head.method).equals("OPTIONS") { return }
        if !isConnect, target.first == UInt8(ascii: "/") { return }
        if isConnect {
            guard isAuthority(head.path, withPort: true) else { throw .failed(.invalidTarget) }
            head.authority = head.path
            return
        }
        let scheme = target.prefix { $0 != colon }.count
        let isHTTP = ["http" as StaticString, "https"].contains {
            UnsafeBufferPointer(rebasing: target[..<scheme]).equalsLowercase($0)
        }
        let rest = UnsafeBufferPointer(rebasing: target.dropFirst(scheme))
        guard isHTTP, rest.starts(with: UnsafeBufferPointer("://" as StaticString)) else {
            throw .failed(.invalidTarget)
        }
        let authority = rest.dropFirst(3).prefix { $0 != UInt8(ascii: "/") }.count
        let start = Int(head.path.offset) + scheme + 3
        head.authority = RequestHead.Slice(start, authority)
        head.path = RequestHead.Slice(start + authority, rest.count - 3 - authority)
        guard authority > 0, isAuthority(head.authority) else {
            throw .failed(.invalidTarget)
        }
    }

    @inline(__always)
    private mutating func requestFields(
        into head: inout RequestHead.Storage,
        _ limits: HTTPLimits
    ) throws(Stop) {
        var framing = HTTP1Framing()
        var hasHost = false
        while let field = try field() {
            guard head.fields.count < limits.maxHeaders else { throw .failed(.tooManyFields) }
            head.append(field)
            let name = bytes(field.name)
            switch name.count {
            case 4 where name.equalsLowercase("host"):
                guard !hasHost else { throw .failed(.repeatedHost) }
                hasHost = true
                try host(field.value, into: &head)
            case 6 where name.equalsLowercase("expect"):
                head.expectsContinue = bytes(field.value).equalsLowercase("100-continue")
            default:
                do {
                    try framing.note(name, bytes(field.value), isHTTP10: head.isHTTP10)
                } catch {
                    throw .failed(error)
                }
            }
        }
        guard hasHost || head.isHTTP10 else { throw .failed(.missingHost) }
        head.keepAlive = framing.persists(isHTTP10: head.isHTTP10)
        // An HTTP/1.0 client does not know of interim responses (RFC 9110 section 10.1.1).
        head.expectsContinue = head.expectsContinue && !head.isHTTP10
        if framing.isChunked {
            head.body = .chunked
        } else if let length = framing.length, length > 0 {
            guard length <= UInt64(limits.maxBody) else { throw .failed(.bodyTooLarge) }
            head.body = .length(length)
        }
    }

    /// `Host` may be empty (RFC 9110 section 7.2), and yields to the authority of the target.
    @inline(__always)
    private func host(
        _ value: RequestHead.Slice,
        into head: inout RequestHead.Storage
    ) throws(Stop) {
        guard value.length == 0 || isAuthority(value) else {
            throw .failed(.invalidHost)
        }
        if head.authority.length == 0 { head.authority = value }
    }

    /// Whether this is `host`, `host:port`, `[address]` or `[address]:port`.
    @inline(__always)
    func isAuthority(_ slice: RequestHead.Slice, withPort needsPort: Bool = false) -> Bool {
        var scanner = scanner(of: slice)
        let start = scanner.at
        scanner.skip(.registeredName)
        if scanner.at == start, !scanner.address() { return false }
        guard scanner.at < scanner.end else { return !needsPort }
        guard base[scanner.at] == colon else { return false }
        let port = UnsafeBufferPointer(
            start: base + scanner.at + 1,
            count: scanner.end - scanner.at - 1
        )
        return port.count <= 5 && port.allSatisfy(\.isDigit) && !(needsPort && port.isEmpty)
    }

    /// Moves over an IPv6 address in brackets, if there is one. Its colons are not counted.
    private mutating func address() -> Bool {
        guard at < end, base[at] == UInt8(ascii: "[") else { return false }
        let start = at + 1
        at = start
        while at < end, base[at].isHexDigit || base[at] == colon || base[at] == UInt8(ascii: ".") {
            at += 1
        }
        guard at >= start + 2, at < end, base[at] == UInt8(ascii: "]") else { return false }
        at += 1
        return true
    }
}
