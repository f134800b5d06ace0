import GRPC
import TestSupport
import Testing

@Suite struct `Compression by gzip` {
    @Test(arguments: [0, 1, 1000, 65536, 65537, 300_000])
    func `gives back what it was given`(count: Int) throws {
        var random = SeededGenerator(seed: 1)
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...3, using: &random) }
        let packed = try Gzip.compress(bytes)
        #expect(packed.count < count / 2 + 100)
        #expect(try Gzip.expand(packed, limit: count) == bytes)
        guard count > 0 else { return }
        #expect(throws: Gzip.Fault.tooLarge) { try Gzip.expand(packed, limit: count - 1) }
    }

    @Test func `is expanded only if it is whole and nothing else`() throws {
        let packed = try Gzip.compress([UInt8](repeating: 1, count: 300))
        for count in 0..<packed.count {
            #expect(throws: Gzip.Fault.malformed) {
                try Gzip.expand(Array(packed[..<count]), limit: 1000)
            }
        }
        #expect(throws: Gzip.Fault.malformed) { try Gzip.expand(packed + [0], limit: 1000) }
        // The checksum in the trailer is looked at.
        var altered = packed
        altered[packed.count - 5] ^= 1
        #expect(throws: Gzip.Fault.malformed) { try Gzip.expand(altered, limit: 1000) }
    }
}

@Suite struct `Text in base64` {
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
        ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
    ])
    func `writes without padding and reads either`(plain: String, encoded: String) {
        #expect(Base64.encode(plain.utf8) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
        let padding = String(repeating: "=", count: (4 - encoded.count % 4) % 4)
        #expect(Base64.decode(encoded + padding) == Array(plain.utf8))
    }

    @Test func `goes there and back`() {
        var random = SeededGenerator(seed: 2)
        for count in 0..<300 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }

    @Test(arguments: ["Z", "Zg=", "Zg===", "Zm9v====", "=", "Zh", "Z!8", "Zm 8", "Zm8=Zm8=", "é"])
    func `refuses what is not base64`(text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
