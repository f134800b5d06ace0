import Suites
import Testing
import YAML

@Suite struct `YAML in the light of a type` {
    let schema: Schema
    let type: MessageType

    init() throws { (schema, type) = try ValuesSchema.make() }

    /// What is written, and the lines that say the same.
    @Test(arguments: [
        ("name: hoge\nsmallCount: -5", "name: \"hoge\"\nsmall_count: -5"),
        (
            "big: 9223372036854775807\nmost: 18446744073709551615",
            "big: 9223372036854775807\nmost: 18446744073709551615"
        ),
        ("big: \"-9223372036854775808\"\nmost: 0xFF", "big: -9223372036854775808\nmost: 255"),
        ("big: 1e3\nsmall_count: 2.0", "small_count: 2\nbig: 1000"),
        ("ratio: 0.1\nshare: 0.1", "ratio: 0.1\nshare: 0.1"),
        ("ratio: NaN\nshare: -Infinity", "ratio: .nan\nshare: -.inf"),
        ("ratio: 7\nshare: 16777217", "ratio: 7.0\nshare: 16777216.0"),
        ("flag: true\ncolor: GREEN", "flag: true\ncolor: GREEN"),
        ("color: 7", "color: 7"), ("color: \"NULL\"", "color: \"NULL\""),
        ("data: AP8=", "data: \"AP8=\""), ("data: !hex 00 fF", "data: \"AP8=\""),
        ("data: _-8", "data: \"/+8=\""), ("name: null\nitem: ~\ntags:", "{}"),
        ("item: {item: {}}", "item:\n  item: {}"),
        ("a_timestamp: 2024-02-29T14:00:00.5+02:00", "a_timestamp: \"2024-02-29T12:00:00.500Z\""),
        ("a_timestamp: 0001-01-01T00:00:00Z", "a_timestamp: \"0001-01-01T00:00:00Z\""),
        ("a_timestamp: {seconds: 1}", "a_timestamp: \"1970-01-01T00:00:01Z\""),
        ("a_timestamp: {seconds: -62135596801}", "a_timestamp:\n  seconds: -62135596801"),
        ("a_duration: 1.5s", "a_duration: 1.500s"),
        ("a_duration: -0.000001s", "a_duration: -0.000001s"),
        ("a_duration: 1m30s", "a_duration: 90s"),
        ("a_fieldmask: \"one,twoThree.four\"", "a_fieldmask: \"one,two_three.four\""),
        ("a_fieldmask: [one, two_three]", "a_fieldmask: \"one,two_three\""),
        ("a_int64value: 5\na_stringvalue: {value: x}", "a_int64value: 5\na_stringvalue: \"x\""),
        ("a_int64value: 0", "a_int64value: 0"), ("a_empty: {}", "a_empty: {}"),
        (
            "a_struct: {b: [1, null, {}], a: true}",
            "a_struct: {\"a\": true, \"b\": [1.0, null, {}]}"
        ),
        ("a_value: null", "a_value: null"), ("a_value: x", "a_value: \"x\""),
        ("values: [null, 2]", "values:\n  - null\n  - 2.0"),
        (
            "a_any: {\"@type\": shop.Order, name: x}",
            "a_any:\n  \"@type\": \"type.googleapis.com/shop.Order\"\n  name: \"x\""
        ),
        (
            "a_any: {\"@type\": h/google.protobuf.Duration, value: 2s}",
            "a_any:\n  \"@type\": \"h/google.protobuf.Duration\"\n  value: 2s"
        ),
        (
            "a_any: {\"@type\": google.protobuf.Any, value: {\"@type\": shop.Order, flag: true}}",
            "a_any:\n  \"@type\": \"type.googleapis.com/google.protobuf.Any\"\n  value:\n"
                + "    \"@type\": \"type.googleapis.com/shop.Order\"\n    flag: true"
        ),
        ("a_any: {typeUrl: a/b, value: AP8=}", "a_any:\n  type_url: \"a/b\"\n  value: \"AP8=\""),
        ("id: x\nnumber: null", "id: \"x\""), ("tags: [\"1\", b]", "tags:\n  - \"1\"\n  - \"b\""),
        ("items: [{name: a, flag: true}, {}]", "items:\n  - name: \"a\"\n    flag: true\n  - {}"),
        ("by_id: {7: {name: a}, \"0x1\": {}}", "by_id:\n  1: {}\n  7:\n    name: \"a\""),
        ("name: \"a\\0\\u2028\\\"\\\\\\tz\"", "name: \"a\\u0000\\u2028\\\"\\\\\\tz\""),
    ])
    func `says a message, which says the same again`(yaml: String, lines: String) throws {
        let (message, errors) = try schema.read(yaml, type)
        #expect(errors.isEmpty)
        let text = MessageText.lines(of: try #require(message)).joined(separator: "\n")
        #expect(text == lines)
        #expect(try schema.read(text, type).0?.encoded() == message?.encoded())
    }

    @Test(arguments: [
        ("nmae: x", "1:1: shop.Order has no field \"nmae\"; did you mean name?"),
        ("item:\n  - name: x", "2:3: expected a mapping of the fields of shop.Order, found a list"),
        (
            "name: 123",
            "1:7: expected text for name, in quotes if it looks like something else, found a number: \"123\""
        ),
        (
            "small_count: 2147483648",
            "1:14: 2147483648 is not within -2147483648 to 2147483647 for small_count"
        ),
        ("most: -1", "1:7: -1 is not within 0 to 18446744073709551615 for most"),
        (
            "big: 99999999999999999999",
            "1:6: 99999999999999999999 is not within -9223372036854775808 to 9223372036854775807 for big"
        ),
        ("big: 1.5", "1:6: expected a whole number for big, found a number: \"1.5\""),
        ("share: 1e39", "1:8: 1e39 is too large for share, which is a float"),
        ("ratio: 1e999", "1:8: expected a number for ratio, found a number: \"1e999\""),
        ("flag: yes", "1:7: expected true or false for flag, found text: \"yes\""),
        (
            "data: \"a\"",
            "1:7: expected base64 for data, or hexadecimal after !hex, found text: \"a\""
        ),
        ("data: !hex abc", "1:7: expected pairs of hexadecimal digits, found text: \"abc\""),
        ("color: GREN", "1:8: shop.Color has no value \"GREN\"; did you mean GREEN?"),
        (
            "id: x\nnumber: 1",
            "2:1: id and number are both of the oneof key: at most one can be set"
        ),
        ("small_count: 1\nsmallCount: 2", "2:1: smallCount is the same field as small_count"),
        (
            "a_timestamp: 2023-02-29T00:00:00Z",
            "1:14: expected a time such as 2024-02-29T12:00:00Z, of the years 1 to 9999, found text: \"2023-02-29T00:00:00Z\""
        ),
        ("a_duration: 5", "1:13: expected a duration such as 1.5s, found a number: \"5\""),
        (
            "a_any: {\"@type\": shop.Ordr}",
            "1:18: there is no message \"shop.Ordr\"; did you mean shop.Order?"
        ),
        ("tags: x", "1:7: expected a list for tags, found text: \"x\""),
        ("tags: [a, null]", "1:11: expected text in tags, found nothing: \"null\""),
        ("by_id: {1: {}, 0x1: {}}", "1:16: the key \"0x1\" is there twice"),
        ("by_id: {x: {}}", "1:9: expected a whole number as a key, found text: \"x\""),
        ("name: !regex a", "1:7: unknown tag !regex"),
    ])
    func `is refused at its place`(yaml: String, message: String) throws {
        let (read, errors) = try schema.read(yaml, type)
        #expect(read == nil)
        #expect(errors == ["t.yaml:" + message])
    }

    @Test func `tells all that is wrong at once`() throws {
        let errors = try schema.read("nam: x\nflag: 1\nitems: [{big: x}]", type).1
        #expect(errors.count == 3)
    }

    @Test func `leaves the tags of an expectation to whoever knows them, at any place`() throws {
        let yaml = """
            name: !regex ^h
            items: [!any x, {big: !gt 5}]
            a_struct: {k: !present }
            a_timestamp: !any
            id: !any
            number: !any
            """
        let node = try YAMLDocument.parse(Array(yaml.utf8), file: "t.yaml")
        let report = YAMLReport()
        let checker = TypeChecker(
            schema,
            report: report,
            tags: ["!regex", "!any", "!gt", "!present"]
        )
        let value = try #require(checker.check(node, as: .message(type)))
        #expect(report.errors.isEmpty)
        #expect(tags(value) == ["!regex", "!any", "!gt", "!present", "!any", "!any", "!any"])
    }

    private func tags(_ value: TypedValue) -> [String] {
        switch value.content {
        case .tagged(let tag, _): [tag]
        case .message(_, let fields): fields.flatMap { tags($0.value) }
        case .list(let items): items.flatMap(tags)
        case .map(let entries): entries.flatMap { tags($0.value) }
        case .packed(_, let inner): tags(inner)
        case .absent, .value: []
        }
    }
}
