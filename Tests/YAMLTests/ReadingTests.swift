import Testing
import YAML

/// Reads a text as a value; the second part are the errors, "line:column: message".
func read<Value>(_ text: String, as value: YAMLValue<Value>) throws -> (Value?, [String]) {
    let report = YAMLReport()
    let result = report.read(try parse(text), as: value)
    return (result, report.errors.map { "\($0.place.line):\($0.place.column): \($0.message)" })
}

@Suite struct `A section` {
    private struct Server: Equatable {
        let host: String
        let port: Int
        let wait: Duration
    }

    private let server = YAMLValue<Server>.section { section in
        let host = section.required("host", .name)
        let port = section.required("port", .int(1...65_535))
        let wait = section.optional("timeout", .duration(), default: .seconds(1))
        guard let host, let port else { return nil }
        return Server(host: host, port: port, wait: wait)
    }

    @Test func `yields its value with the defaults filled in`() throws {
        let (value, errors) = try read("host: a\nport: 80\n", as: server)
        #expect(value == Server(host: "a", port: 80, wait: .seconds(1)))
        #expect(errors == [])
    }

    @Test func `tells all that is wrong at once, in the order of the file`() throws {
        let text = "timout: 5s\nport: x\nhost: 5\ntimeout: 5\nfoo: 1\n"
        let (value, errors) = try read(text, as: server)
        #expect(value == nil)
        #expect(
            errors == [
                #"1:1: unknown key "timout"; known: host, port, timeout"#,
                #"2:7: expected a whole number, found text: "x""#,
                #"3:7: expected text, found a number: "5""#,
                #"4:10: "5" has no unit: write for example 5s or 800ms"#,
                #"5:1: unknown key "foo"; known: host, port, timeout"#,
            ]
        )
    }

    @Test func `guesses the key that was meant among those that are not there`() throws {
        let (_, errors) = try read("host: a\nport: 1\ntiemout: 5s\n", as: server)
        #expect(errors == [#"3:1: unknown key "tiemout"; did you mean timeout?"#])
    }

    @Test func `misses a key at its own place`() throws {
        let (_, errors) = try read("- host: a\n", as: .list(of: server))
        #expect(errors == ["1:3: the key port is missing"])
    }

    @Test func `is no list and no text`() throws {
        #expect(try read("[a]", as: server).1 == ["1:1: expected a mapping, found a list"])
        #expect(try read("a", as: server).1 == [#"1:1: expected a mapping, found text: "a""#])
    }

    @Test func `reached by two aliases tells an error once`() throws {
        let (_, errors) = try read("- &a {host: a}\n- *a\n", as: .list(of: server))
        #expect(errors == ["1:3: the key port is missing"])
    }
}

@Suite struct `A value` {
    private enum Colour: String, CaseIterable { case red, green }

    @Test func `of few words is guessed, or all are told`() throws {
        #expect(try read("green", as: YAMLValue<Colour>.choice).0 == .green)
        #expect(
            try read("gren", as: YAMLValue<Colour>.choice).1
                == [#"1:1: unknown word "gren"; did you mean green?"#]
        )
        #expect(
            try read("blue", as: YAMLValue<Colour>.choice).1
                == [#"1:1: unknown word "blue"; known: green, red"#]
        )
    }

    @Test func `of true or false is not yes or no`() throws {
        #expect(try read("true", as: YAMLValue<Bool>.bool).0 == true)
        #expect(
            try read("yes", as: YAMLValue<Bool>.bool).1
                == [#"1:1: expected true or false, found text: "yes""#]
        )
        #expect(try read("yes", as: .string).0 == "yes")
    }

    @Test func `with a tag of no meaning here is refused`() throws {
        #expect(try read("!secret a", as: .string).1 == ["1:1: unknown tag !secret"])
    }

    @Test func `of a list tells each wrong item`() throws {
        let (value, errors) = try read("[a, 1, b, ~]", as: .list(of: .string))
        #expect(value == nil)
        #expect(errors.count == 2)
        #expect(try read("[sleep, 5]", as: .list(of: .word)).0 == ["sleep", "5"])
        #expect(try read("a", as: .oneOrMore(of: .word)).0 == ["a"])
    }

    @Test func `may be a keyword instead`() throws {
        let value = YAMLValue<Duration>.duration().or("auto", .zero)
        #expect(try read("auto", as: value).0 == .zero)
        #expect(try read("3s", as: value).0 == .seconds(3))
    }

    @Test func `out of its range is refused`() throws {
        #expect(try read("0", as: .int(1...5)).1 == ["1:1: must be 1 to 5"])
        #expect(try read("-1", as: .int()).1 == ["1:1: must be 0 or more"])
        #expect(try read("99999999999999999999", as: .int()).1 == ["1:1: must be 0 or more"])
        #expect(
            try read("2h", as: .duration(.zero...Duration.seconds(60))).1
                == ["1:1: 2h is not within 0s to 1m"]
        )
    }

    @Test func `with a zero byte is refused`() throws {
        #expect(try read(#""a\0b""#, as: .string).1 == ["1:1: must not contain a zero byte"])
    }
}
