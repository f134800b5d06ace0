import CZlib

/// gzip (RFC 1952), the one compression that all gRPC implementations share.
package enum Gzip {
    package enum Fault: Error, Hashable, Sendable {
        /// Not gzip, cut off, damaged, or with something behind it.
        case malformed
        case tooLarge
    }

    /// zlib's word for "with gzip's header and trailer, in the largest window".
    private static let window: Int32 = 16 + MAX_WBITS
    /// How much is made at a time.
    private static let piece = 64 << 10

    package static func compress(_ bytes: [UInt8]) throws(Fault) -> [UInt8] {
        var stream = z_stream()
        let begun = deflateInit2_(
            &stream,
            Z_DEFAULT_COMPRESSION,
            Z_DEFLATED,
            window,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        guard begun == Z_OK else { throw .tooLarge }
        defer { deflateEnd(&stream) }
        return try run(&stream, over: bytes, limit: .max) { deflate($0, Z_FINISH) }
    }

    /// - Parameter limit: how many bytes it may become; a little can stand for very much.
    package static func expand(_ bytes: [UInt8], limit: Int) throws(Fault) -> [UInt8] {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(&stream, window, ZLIB_VERSION, size) == Z_OK else { throw .tooLarge }
        defer { inflateEnd(&stream) }
        let expanded = try run(&stream, over: bytes, limit: limit) { inflate($0, Z_NO_FLUSH) }
        guard stream.avail_in == 0 else { throw .malformed }
        return expanded
    }

    /// Calls `step` until zlib has come to the end of the stream.
    private static func run(
        _ stream: inout z_stream,
        over bytes: [UInt8],
        limit: Int,
        _ step: (UnsafeMutablePointer<z_stream>) -> Int32
    ) throws(Fault) -> [UInt8] {
        // zlib counts what it is given in 32 bits; no gRPC message is longer.
        guard let length = UInt32(exactly: bytes.count) else { throw .tooLarge }
        var input = bytes
        var output: [UInt8] = []
        var result = Z_OK
        // zlib keeps the pointer from call to call, so that all of them stand within its validity.
        input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = length
            var buffer = [UInt8](repeating: 0, count: piece)
            while result == Z_OK, output.count <= limit {
                buffer.withUnsafeMutableBufferPointer { buffer in
                    stream.next_out = buffer.baseAddress
                    stream.avail_out = UInt32(piece)
                    result = step(&stream)
                    output += buffer[..<(piece - Int(stream.avail_out))]
                }
            }
        }
        guard output.count <= limit else { throw .tooLarge }
        guard result == Z_STREAM_END else { throw .malformed }
        return output
    }
}
