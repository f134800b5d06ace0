import HTTP
import Suites
import Testing

@Suite struct `Metadata of a call` {
    @Test(arguments: [
        ("X-Word", "a", "a name is made of"), ("", "a", "a name is made of"),
        (":path", "a", "a name is made of"), ("x word", "a", "a name is made of"),
        ("x-word", "é", "give it as bytes under the name x-word-bin"),
        ("x-word", "a\r\nb", "only printable ASCII"), ("x-word", " a", "a space at its end"),
        ("x-word-bin", "a", "takes bytes"), ("te", "a", "sets it itself"),
        ("grpc-timeout", "1S", "sets it itself"), ("host", "a", "sets it itself"),
        ("x-word", String(repeating: "a", count: 40_000), "larger than 32 KiB"),
    ])
    func `is refused where HTTP/2 would not carry it`(name: String, text: String, words: String) {
        var metadata = CallMetadata()
        #expect { try metadata.add(name, text) } throws: { "\($0)".contains(words) }
        #expect(metadata.headers.isEmpty)
    }

    @Test func `of bytes travels in base64 without padding`() throws {
        var metadata = CallMetadata()
        try metadata.add("x-some-bin", bytes: [1])
        #expect(metadata.headers["x-some-bin"] == "AQ")
        #expect { try metadata.add("x-some", bytes: [1]) } throws: { "\($0)".contains("-bin") }
    }

    @Test func `of bytes is read padded or not, and joined or not`() {
        let headers: HTTPHeaders = ["a-bin": "AQ==,AQI", "a-bin": "", "a-bin": "AQ, AQID"]
        #expect(headers.bytes("a-bin") == [[1], [1, 2], [], [1], [1, 2, 3]])
        #expect(HTTPHeaders(dictionaryLiteral: ("a-bin", "a b")).bytes("a-bin") == nil)
        #expect(headers.bytes("b-bin") == [])
    }
}
