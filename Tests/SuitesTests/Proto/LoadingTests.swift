import Testing

@testable import Suites

@Suite struct `Loading proto files` {
    @Test func `links the embedded files`() throws(ProtoProblems) {
        for name in EmbeddedProtos.texts.keys.sorted() {
            _ = try ProtoFiles.load([name], from: .memory([:]))
        }
    }
}
