import CNghttp2

/// Header fields laid out for nghttp2: one block of bytes, and the pairs that point into it.
///
/// nghttp2 is told not to copy, so the list must live until the frame is serialised.
final class HeaderList {
    let fields: UnsafeMutableBufferPointer<nghttp2_nv>
    private let bytes: UnsafeMutableRawBufferPointer

    let count: Int

    init(_ pairs: [(String, String)]) {
        let size = pairs.reduce(0) { $0 + $1.0.utf8.count + $1.1.utf8.count }
        bytes = .allocate(byteCount: max(1, size), alignment: 1)
        fields = .allocate(capacity: max(1, pairs.count))
        count = pairs.count
        let flags = NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue | NGHTTP2_NV_FLAG_NO_COPY_VALUE.rawValue
        var offset = 0
        for (index, (name, value)) in pairs.enumerated() {
            fields.initializeElement(
                at: index,
                to: nghttp2_nv(
                    name: place(name, at: &offset),
                    value: place(value, at: &offset),
                    namelen: name.utf8.count,
                    valuelen: value.utf8.count,
                    flags: UInt8(flags)
                )
            )
        }
    }

    deinit {
        fields.deallocate()
        bytes.deallocate()
    }

    private func place(_ text: String, at offset: inout Int) -> UnsafeMutablePointer<UInt8>? {
        let target = UnsafeMutableRawBufferPointer(rebasing: bytes[offset...])
        target.copyBytes(from: text.utf8)
        offset += text.utf8.count
        return target.baseAddress?.assumingMemoryBound(to: UInt8.self)
    }
}

extension HTTPHeaders {
    /// The fields as HTTP/2 allows them: without those that belong to a connection (RFC 9113
    /// section 8.2.2), and without any that could not be told from another field.
    func http2Pairs(first: [(String, String)]) -> [(String, String)] {
        var pairs = first
        for (name, value) in self {
            switch name {
            case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade",
                "host":
                continue
            default:
                pairs.append((name, value))
            }
        }
        return pairs
    }
}
