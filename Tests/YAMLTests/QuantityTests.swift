import Testing
import YAML

@Suite struct `A duration` {
    @Test(
        arguments: [
            ("800ms", .milliseconds(800)), ("1s", .seconds(1)), ("5m", .seconds(300)),
            ("1m30s", .seconds(90)), ("1.5s", .milliseconds(1500)), ("0s", .zero),
            ("2h", .seconds(7200)), ("250us", .microseconds(250)), ("1d", .seconds(86_400)),
        ] as [(String, Duration)]
    )
    func `is a number with a unit`(text: String, duration: Duration) throws {
        #expect(try Quantity.duration(text) == duration)
    }

    @Test(arguments: [
        "", "5", "s", "-1s", "+1s", "1.s", ".5s", "1 s", "5s5s", "30s1m", "1s2", "5x", "1e3s", "٣s",
        "999999999999999999999s", "9223372036854775807d", "400d", "1.0000000001s", "0.5ns",
    ])
    func `that is no such thing is refused`(text: String) {
        #expect(throws: YAMLMismatch.self) { try Quantity.duration(text) }
    }

    @Test func `of an unknown unit lists those there are, or guesses`() {
        #expect(throws: YAMLMismatch(#""5S" has the unknown unit "S"; did you mean s?"#)) {
            try Quantity.duration("5S")
        }
        let error = #expect(throws: YAMLMismatch.self) { try Quantity.duration("5sec") }
        #expect(error?.message.contains("known: d, h, m, ms, ns, s, us") == true)
    }

    @Test(arguments: ["0s", "800ms", "90s", "5m", "2h", "1d"])
    func `is told as it is written`(text: String) throws {
        #expect(Quantity.words(try Quantity.duration(text)) == text)
    }
}

@Suite struct `A size` {
    @Test(arguments: [
        ("2GiB", 2 << 30), ("1.5KiB", 1536), ("1GB", 1_000_000_000), ("100B", 100), ("0B", 0),
    ])
    func `is a number of bytes with a unit`(text: String, bytes: Int) throws {
        #expect(try Quantity.byteSize(text) == bytes)
    }

    @Test(arguments: ["2", "2gib2", "1.5B", "99999999TiB", "-1B", "1GiB1MiB"])
    func `that is no such thing is refused`(text: String) {
        #expect(throws: YAMLMismatch.self) { try Quantity.byteSize(text) }
    }
}

@Suite struct `A percentage` {
    @Test func `is a share of one`() throws {
        #expect(try Quantity.percent("10%") == 0.1)
        #expect(try Quantity.percent("2.5%") == 0.025)
        #expect(try read("120%", as: .percent()).1 == ["1:1: 120% is not within 0% to 100%"])
        #expect(throws: YAMLMismatch.self) { try Quantity.percent("10") }
    }
}
