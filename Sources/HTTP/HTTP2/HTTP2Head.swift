import Glibc

/// The head of a request as HTTP/2 brings it, field by field, beside one that came earlier on the
/// connection and is remembered.
///
/// Pollers send the same fields each time. They are compared with the remembered ones as they come;
/// only a head that differs is kept and read. Both are kept as one run of entries, each two lengths
/// and the bytes of name and value.
struct HTTP2Head: ~Copyable {
    private var kept = Run()
    private var remembered = Run()
    /// How much of the remembered head has come again.
    private var matched = 0
    /// No field has differed so far.
    private var isMatching = false
    private var size = 0
    private var fields = 0
    private(set) var isTooLarge = false
    /// So far beyond the limits that no answer is worth what reading the rest would cost: a few bytes
    /// of HPACK can stand for megabytes.
    var isBomb: Bool { isTooLarge && (size > 8 * maxBytes || fields > 8 * maxFields) }
    /// Which limit is exceeded, once one is.
    var bound: HTTPBound { fields > maxFields ? .headerCount : .headerBytes }
    private let maxBytes: Int
    private let maxFields: Int

    init(maxBytes: Int, maxFields: Int) {
        self.maxBytes = maxBytes
        self.maxFields = maxFields
    }

    /// A new head begins.
    mutating func begin() {
        kept.count = 0
        matched = 0
        isMatching = true
        size = 0
        fields = 0
        isTooLarge = false
    }

    /// The next field. One beyond the limits is dropped, with all that follow, and noted.
    @inline(__always)
    mutating func add(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
        size += name.count + value.count
        fields += 1
        if isMatching {
            if let end = remembered.match(name, value, at: matched) {
                matched = end
                return
            }
            isMatching = false
            kept.copy(matched, of: remembered)
        }
        guard !isTooLarge, size <= maxBytes, fields <= maxFields else {
            isTooLarge = true
            return
        }
        kept.append(name, value)
    }

    /// Whether the head that has just ended is the remembered one.
    var isRemembered: Bool { isMatching && matched == remembered.count && matched > 0 }

    /// Keeps the head that has just ended for comparison, in place of the one before.
    /// - Returns: false for a large one, which is not kept.
    mutating func remember() -> Bool {
        if isMatching {
            remembered.count = matched
            return true
        }
        guard !isTooLarge, kept.count <= 1024 else { return false }
        swap(&kept, &remembered)
        matched = remembered.count
        isMatching = true
        return true
    }

    /// The entries of the head that has just ended; valid until the next one begins.
    var entries: UnsafeRawBufferPointer {
        isMatching ? UnsafeRawBufferPointer(rebasing: remembered.bytes[..<matched]) : kept.bytes
    }

    /// Lays out a head's entries as a request head, which refers to their bytes.
    static func read(_ entries: UnsafeRawBufferPointer, into head: inout RequestHead) {
        head.storage.reset()
        head.bytes = entries
        var at = 0
        while at < entries.count {
            let (nameCount, valueCount) = lengths(entries, at)
            let nameStart = at + prefix
            let valueStart = nameStart + nameCount
            at = valueStart + valueCount
            let value = RequestHead.Slice(valueStart, valueCount)
            let name = UnsafeRawBufferPointer(rebasing: entries[nameStart..<valueStart])
                .bindMemory(to: UInt8.self)
            switch nameCount {
            case 5 where name.equals(":path"): head.storage.path = value
            case 7 where name.equals(":method"): head.storage.method = value
            case 10 where name.equals(":authority"): head.storage.authority = value
            case _ where name.first == UInt8(ascii: ":"): continue
            default:
                if name.equals("host"), head.storage.authority.length == 0 {
                    head.storage.authority = value
                }
                head.storage.append(
                    nameOffset: nameStart,
                    nameLength: nameCount,
                    valueOffset: valueStart,
                    valueLength: valueCount
                )
            }
        }
    }

    /// A request from the entries of its head.
    static func request(_ entries: [UInt8]) -> HTTPRequest {
        entries.withUnsafeBytes { bytes in
            var head = RequestHead()
            read(bytes, into: &head)
            return head.request()
        }
    }

    /// Bytes of the two lengths before each field.
    private static var prefix: Int { 8 }

    private static func lengths(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> (Int, Int) {
        let both = bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        return (Int(both & 0xFFFF_FFFF), Int(both >> 32))
    }

    /// Entries in memory of their own, which emptying keeps.
    private struct Run: ~Copyable {
        private var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        var count = 0

        var bytes: UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(start: memory.baseAddress, count: count)
        }

        /// Where the entry at `at` ends, if it is that field.
        @inline(__always)
        func match(
            _ name: UnsafeBufferPointer<UInt8>,
            _ value: UnsafeBufferPointer<UInt8>,
            at: Int
        ) -> Int? {
            let end = at + prefix + name.count + value.count
            guard end <= count, let base = memory.baseAddress else { return nil }
            let both = UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self)
            guard both == UInt64(name.count) | UInt64(value.count) << 32,
                isSame(base + at + prefix, name), isSame(base + end - value.count, value)
            else { return nil }
            return end
        }

        @inline(__always)
        private func isSame(
            _ mine: UnsafeMutableRawPointer,
            _ theirs: UnsafeBufferPointer<UInt8>
        ) -> Bool {
            guard let start = theirs.baseAddress else { return true }
            return memcmp(mine, start, theirs.count) == 0
        }

        mutating func append(
            _ name: UnsafeBufferPointer<UInt8>,
            _ value: UnsafeBufferPointer<UInt8>
        ) {
            let start = count + prefix
            let end = start + name.count + value.count
            reserve(end)
            let both = UInt64(name.count) | UInt64(value.count) << 32
            memory.storeBytes(of: both, toByteOffset: count, as: UInt64.self)
            UnsafeMutableRawBufferPointer(rebasing: memory[start...])
                .copyMemory(from: UnsafeRawBufferPointer(name))
            UnsafeMutableRawBufferPointer(rebasing: memory[(start + name.count)...])
                .copyMemory(from: UnsafeRawBufferPointer(value))
            count = end
        }

        /// Becomes the first `length` bytes of another.
        mutating func copy(_ length: Int, of other: borrowing Run) {
            reserve(length)
            memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: other.bytes[..<length]))
            count = length
        }

        private mutating func reserve(_ needed: Int) {
            guard needed > memory.count else { return }
            let larger = UnsafeMutableRawBufferPointer.allocate(
                byteCount: max(256, needed, memory.count * 2),
                alignment: 8
            )
            larger.copyMemory(from: bytes)
            memory.deallocate()
            memory = larger
        }

        deinit { memory.deallocate() }
    }
}
