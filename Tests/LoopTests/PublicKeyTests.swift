import Loop
import TestSupport
import Testing

@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `A public key` {
    private let folder: TemporaryFolder
    private let key: [UInt8]

    init() async throws {
        folder = try TemporaryFolder()
        let path = folder.path
        for command in [
            [
                "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024", "-out",
                "\(path)/k",
            ],
            ["pkey", "-in", "\(path)/k", "-pubout", "-out", "\(path)/p"],
        ] {
            let made = try await Subprocess.run(["openssl"] + command, until: .now + .seconds(20))
            try #require(made.exit == .code(0), "\(made.output)")
        }
        key = try #require(try await Files.read("\(path)/p"))
    }

    @Test func `seals what its owner alone can open`() async throws {
        let secret = Array("pencil\0".utf8)
        let sealed = try #require(PublicKey.seal(secret, by: key))
        #expect(sealed.count == 128)
        #expect(PublicKey.seal(secret, by: key) != sealed)
        try await Files.writeDurably(sealed, to: "\(folder.path)/sealed")
        let opened = try await Subprocess.run(
            [
                "openssl", "pkeyutl", "-decrypt", "-inkey", "\(folder.path)/k",
                "-in", "\(folder.path)/sealed", "-pkeyopt", "rsa_padding_mode:oaep",
            ],
            until: .now + .seconds(20)
        )
        #expect(Array(opened.output.utf8) == secret)
    }

    @Test func `takes nothing that is too long for it, and is no other bytes`() {
        #expect(PublicKey.seal([UInt8](repeating: 1, count: 87), by: key) == nil)
        #expect(PublicKey.seal([UInt8](repeating: 1, count: 86), by: key) != nil)
        // The line that ends a PEM needs no line end of its own.
        for end in 0..<(key.count - 1) {
            #expect(PublicKey.seal([1], by: Array(key[..<end])) == nil)
        }
        #expect(PublicKey.seal([1], by: Array("-----BEGIN PUBLIC KEY-----\n\n".utf8)) == nil)
    }
}
