import Glibc
import Loop
import TestSupport
import Testing

/// Runs it to its end.
@EventLoop
func healthgate(_ arguments: [String]) async throws -> Subprocess.Output {
    try await Subprocess.run(
        [try programBesideTests()] + arguments,
        until: .now.advanced(by: .seconds(30))
    )
}

@EventLoop @Suite struct `The command config check` {
    private func check(_ text: String) async throws -> Subprocess.Output {
        var name = Array("/tmp/healthgate-config-XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        try #require(descriptor >= 0)
        close(descriptor)
        let path = String(
            decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)),
            as: UTF8.self
        )
        defer { unlink(path) }
        try await Files.writeDurably(Array(text.utf8), to: path)
        return try await healthgate(["config", "check", path])
    }

    @Test func `ends with 0 for a good file and tells its warnings`() async throws {
        let output = try await check("apps: { a: { check: tcp://127.0.0.1:1, rise: 1 } }\n")
        #expect(output.exit == .code(0))
        #expect(output.output.contains(":1:46: warning: a: rise 1 lets"), "\(output.output)")
        #expect(output.output.contains("a good gateway file: "))
        #expect(output.output.contains("1 app, 0 upstreams"))
    }

    @Test func `ends with 64 and all errors for a bad file`() async throws {
        let output = try await check("apps: { a: { check: tpc://h:1 } }\nhots: x\n")
        #expect(output.exit == .code(64))
        #expect(output.output.contains(#":1:21: unknown scheme "tpc"; did you mean tcp?"#))
        #expect(output.output.contains(#":2:1: unknown key "hots"; did you mean host?"#))
    }

    @Test func `tells a release file by its keys`() async throws {
        let output = try await check("release: shop\nfronts: []\n")
        #expect(output.exit == .code(64))
        #expect(output.output.contains("the key hosts is missing"))
    }

    @Test(arguments: ["", "a: 1", "- x", "\u{0}", "apps: {}\nrelease: x"])
    func `ends with 64 for what is neither`(text: String) async throws {
        #expect(try await check(text).exit == .code(64))
    }

    @Test func `ends with 64 for a file that is not there`() async throws {
        let output = try await healthgate(["config", "check", "/nowhere/gateway.yaml"])
        #expect(output.exit == .code(64))
        #expect(output.output.contains("/nowhere/gateway.yaml: no such file"))
    }
}
