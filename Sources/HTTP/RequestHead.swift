/// A parsed request head, as a view of bytes that belong to somebody else.
///
/// It is valid only during the call that is lent it: it cannot be copied, is passed as `borrowing`,
/// and whoever wants to keep it takes `request()`. One value serves all connections of a server, so
/// that a poll costs no allocation. HTTP/1 fills it from the receive buffer, HTTP/2 from a scratch
/// buffer into which it copies the decoded fields.
package struct RequestHead: ~Copyable {
    /// Where the fields lie, relative to `bytes`, and what was decided from them.
    package var storage = Storage()
    /// The bytes that the slices refer to.
    package var bytes = UnsafeRawBufferPointer(start: nil, count: 0)

    package init() {}

    package var body: Framing { storage.body }
    package var keepAlive: Bool { storage.keepAlive }
    package var isHTTP10: Bool { storage.isHTTP10 }
    /// The peer waits for `100 Continue` before it sends the body.
    package var expectsContinue: Bool { storage.expectsContinue }

    package var method: UnsafeBufferPointer<UInt8> { self[storage.method] }
    /// The target with its query, percent-encoded as it came; never the scheme and authority of an
    /// absolute target.
    package var path: UnsafeBufferPointer<UInt8> {
        // `GET http://host HTTP/1.1` names the root without a byte that says so.
        storage.path.length > 0 ? self[storage.path] : UnsafeBufferPointer(rootPath)
    }
    /// What the target, `Host` or `:authority` says; nil if absent or empty.
    package var authority: UnsafeBufferPointer<UInt8>? {
        storage.authority.length > 0 ? self[storage.authority] : nil
    }

    /// The first value of a field, its name given in lower case.
    package func value(_ lowercaseName: StaticString) -> UnsafeBufferPointer<UInt8>? {
        let name = UnsafeBufferPointer(lowercaseName)
        for field in storage.fields where Int(field.name.length) == name.count {
            if self[field.name].equalsLowercase(name) { return self[field.value] }
        }
        return nil
    }

    package func isMethod(_ method: StaticString) -> Bool {
        self.method.equals(method)
    }

    /// Whether the path is exactly this one, or this one with a query.
    package func isPath(_ path: StaticString) -> Bool {
        let expected = UnsafeBufferPointer(path)
        let actual = self.path
        guard actual.count >= expected.count else { return false }
        if actual.count > expected.count, actual[expected.count] != UInt8(ascii: "?") {
            return false
        }
        return UnsafeBufferPointer(rebasing: actual[..<expected.count]).equals(path)
    }

    /// The bytes of a slice.
    package subscript(_ slice: Slice) -> UnsafeBufferPointer<UInt8> {
        guard slice.length > 0, let start = bytes.baseAddress else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        let first = (start + Int(slice.offset)).assumingMemoryBound(to: UInt8.self)
        return UnsafeBufferPointer(start: first, count: Int(slice.length))
    }

    /// A copy that may be kept. `host` becomes `authority`.
    package func request() -> HTTPRequest {
        var request = HTTPRequest(
            String(decoding: method, as: UTF8.self),
            String(decoding: path, as: UTF8.self),
            authority: authority.map { String(decoding: $0, as: UTF8.self) }
        )
        request.headers.reserveCapacity(storage.fields.count)
        for field in storage.fields {
            guard !self[field.name].equalsLowercase("host") else {
                let value = self[field.value]
                if let authority, !value.isEmpty, !value.elementsEqual(authority) {
                    request.otherHost = String(decoding: value, as: UTF8.self)
                }
                continue
            }
            request.headers.add(
                String(decoding: self[field.name], as: UTF8.self),
                String(decoding: self[field.value], as: UTF8.self)
            )
        }
        return request
    }
}

extension RequestHead {
    /// How the end of a body is known.
    package enum Framing: Hashable, Sendable {
        case none
        case length(UInt64)
        case chunked
        /// By the end of the stream (HTTP/2) or of the connection (HTTP/1 responses).
        case untilEnd
    }

    /// A piece of `bytes`.
    package struct Slice: Hashable, Sendable {
        package let offset: UInt32
        package let length: UInt32

        package init(_ offset: Int = 0, _ length: Int = 0) {
            self.offset = UInt32(truncatingIfNeeded: offset)
            self.length = UInt32(truncatingIfNeeded: length)
        }
    }

    package struct Field: Hashable, Sendable {
        package let name: Slice
        package let value: Slice
    }

    /// The part of a head that a parser fills, head after head in the same memory.
    package struct Storage: ~Copyable {
        private var list = FieldList()
        package var method = Slice()
        package var path = Slice()
        package var authority = Slice()
        package var body = Framing.none
        package var keepAlive = true
        package var isHTTP10 = false
        package var expectsContinue = false

        /// In the order they came.
        package var fields: UnsafeBufferPointer<Field> { list.fields }

        /// Forgets the last head, and keeps the memory for the next.
        package mutating func reset() {
            list.removeAll()
            method = Slice()
            path = Slice()
            authority = Slice()
            body = .none
            keepAlive = true
            isHTTP10 = false
            expectsContinue = false
        }

        package mutating func append(
            nameOffset: Int,
            nameLength: Int,
            valueOffset: Int,
            valueLength: Int
        ) {
            append(
                Field(
                    name: Slice(nameOffset, nameLength),
                    value: Slice(valueOffset, valueLength)
                )
            )
        }

        @inline(__always)
        mutating func append(_ field: Field) { list.append(field) }
    }

    /// An array that emptying costs nothing, and reading no reference count.
    private struct FieldList: ~Copyable {
        private var memory = UnsafeMutableBufferPointer<Field>(start: nil, count: 0)
        private var count = 0

        var fields: UnsafeBufferPointer<Field> {
            UnsafeBufferPointer(start: memory.baseAddress, count: count)
        }

        mutating func removeAll() { count = 0 }

        @inline(__always)
        mutating func append(_ field: Field) {
            if count == memory.count { grow() }
            memory.initializeElement(at: count, to: field)
            count += 1
        }

        private mutating func grow() {
            let larger = UnsafeMutableBufferPointer<Field>.allocate(capacity: max(16, count * 2))
            _ = larger.moveInitialize(fromContentsOf: memory)
            memory.deallocate()
            memory = larger
        }

        deinit { memory.deallocate() }
    }
}

private let rootPath: StaticString = "/"
