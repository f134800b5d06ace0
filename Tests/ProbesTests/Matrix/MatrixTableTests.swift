import Loop
import Testing

@Suite struct `The README's fault matrix` {
    @Test func `is the one that the tests play`() async throws {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let readme = String(
            decoding: try #require(try await Files.read("/\(root)/README.md")),
            as: UTF8.self
        )
        let markdown = MatrixTable.markdown
        #expect(
            readme.contains(markdown),
            "the README should have these lines, with both markers:\n\(markdown)"
        )
    }
}
