import TestSupport
import Testing
import YAML

func parse(_ text: String, limits: YAMLLimits = YAMLLimits()) throws(YAMLError) -> YAMLNode {
    try YAMLDocument.parse(Array(text.utf8), file: "f.yaml", limits: limits)
}

/// The messages with which a document is refused, by line and column.
func faults(_ text: String, limits: YAMLLimits = YAMLLimits()) -> [String] {
    do throws(YAMLError) {
        _ = try parse(text, limits: limits)
        return []
    } catch {
        return error.problems.map(\.description)
    }
}

@Suite struct `A document` {
    @Test func `keeps order, place, style and tag of its nodes`() throws {
        let root = try parse("b: 1\na:\n  - 'x'\n  - !regex \"y\"\n")
        guard case .mapping(let entries) = root.content else {
            Issue.record("no mapping")
            return
        }
        #expect(entries.map(\.name) == ["b", "a"])
        #expect(entries[1].key.place.description == "f.yaml:2:1")
        guard case .sequence(let items) = entries[1].value.content else {
            Issue.record("no sequence")
            return
        }
        #expect(items[0].content == .scalar(YAMLScalar("x", style: .singleQuoted)))
        #expect(items[0].place == YAMLPlace(file: "f.yaml", line: 3, column: 5))
        #expect(items[1].tag == "!regex")
        #expect(items[1].content == .scalar(YAMLScalar("y", style: .doubleQuoted)))
    }

    @Test func `counts columns in characters, not in bytes`() throws {
        let root = try parse("{ä: 1, b: 2}")
        guard case .mapping(let entries) = root.content else {
            Issue.record("no mapping")
            return
        }
        #expect(entries[1].key.place.column == 8)
    }

    @Test(arguments: ["", "# only a comment\n", "---\n"])
    func `that is empty is a null`(text: String) throws {
        let root = try parse(text)
        #expect(root.kindInWords == "nothing")
    }

    @Test func `may begin with a byte order mark`() throws {
        #expect(try parse("\u{feff}a: 1")["a"] != nil)
    }

    @Test func `with a second document is refused`() {
        #expect(faults("a: 1\n---\nb: 2\n") == ["f.yaml:2:1: a second document begins here"])
    }

    @Test func `tells every duplicate key and the first of each`() {
        #expect(
            faults("a: 1\nb: {c: 1, c: 2}\na: 3\n") == [
                "f.yaml:2:11: the key \"c\" is there twice, first in line 2, column 5",
                "f.yaml:3:1: the key \"a\" is there twice, first in line 1, column 1",
            ]
        )
    }

    @Test func `refuses keys that are no scalars, and merge keys`() {
        #expect(faults("? [a]\n: 1\n") == ["f.yaml:1:3: a list cannot be a key"])
        #expect(
            faults("a: &a {x: 1}\nb: {<<: *a}\n") == [
                "f.yaml:2:5: merge keys (<<) are not part of YAML 1.2"
            ]
        )
    }

    @Test(arguments: [
        ("a: b: c", "f.yaml:1:5: mapping values are not allowed in this context"),
        ("a:\n\tb: 1", "f.yaml:2:1: found character that cannot start any token"),
        (
            "a: [1, 2",
            "f.yaml:2:1: did not find expected ',' or ']' while parsing a flow sequence begun in line 1"
        ),
        ("a: \"x", "f.yaml:1:6: found unexpected end of stream"),
        ("a: @x", "f.yaml:1:4: found character that cannot start any token"),
    ])
    func `with a syntax fault is refused at its place`(text: String, beginning: String) {
        let messages = faults(text)
        #expect(messages.count == 1)
        #expect(messages.first?.hasPrefix(beginning) == true, "\(messages)")
    }

    @Test func `indented by a tab is told so`() {
        #expect(faults("a:\n\tb: 1").first?.contains("(a tab: indent by spaces)") == true)
    }
}

@Suite struct `Bytes that are no YAML` {
    @Test(
        arguments: [
            ([0x61, 0x3a, 0x20, 0xff], 1, 4),
            ([0x61, 0x0a, 0xc3, 0x28], 2, 2),
            ([0xc3, 0xa4, 0x00], 1, 2),
            ([0xff, 0xfe, 0x61, 0x00], 1, 1),
            ([0xed, 0xa0, 0x80], 1, 1),
        ] as [([UInt8], Int, Int)]
    )
    func `are refused where they stand`(bytes: [UInt8], line: Int, column: Int) {
        let error = #expect(throws: YAMLError.self) {
            try YAMLDocument.parse(bytes, file: "f")
        }
        #expect(error?.problems.map(\.place) == [YAMLPlace(file: "f", line: line, column: column)])
    }
}

@Suite struct `Fuzzed bytes of a document` {
    @Test func `end in nodes or in an error`() {
        let seed =
            "a: &a [1, \"x\\u00e4\", 'y']\nb: *a\nc: |\n  t\n? d\n: !t {e: ~, f: >-\n   g }\n"
        let pieces = [
            "[", "{", "? ", "- ", "&a ", "*a", "!!", "%YAML 1.1\n", "---\n", "\t", "\u{85}",
        ]
        Fuzz(seeds: [seed], pieces: pieces, rounds: 2000).run { bytes in
            do throws(YAMLError) {
                _ = try YAMLDocument.parse(bytes, file: "f")
            } catch {
                #expect(!error.problems.isEmpty)
            }
        }
    }
}
