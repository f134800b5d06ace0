import Testing
import YAML

@Suite struct `A plain scalar` {
    @Test(
        arguments: [
            ("", .null), ("~", .null), ("Null", .null), ("nULL", .text("nULL")),
            ("true", .bool(true)), ("FALSE", .bool(false)), ("tRue", .text("tRue")),
            ("yes", .text("yes")), ("no", .text("no")), ("on", .text("on")), ("off", .text("off")),
            ("0", .int(0)), ("-12", .int(-12)), ("+7", .int(7)), ("0777", .int(777)),
            ("0o17", .int(15)), ("0xfF", .int(255)), ("0x", .text("0x")), ("-0x1", .text("-0x1")),
            ("99999999999999999999", .int(nil)), ("1_000", .text("1_000")), ("٣", .text("٣")),
            ("1.5", .float(1.5)), ("1e3", .float(1000)), (".5", .float(0.5)),
            ("-.inf", .float(-.infinity)),
            ("inf", .text("inf")), ("nan", .text("nan")), ("0x1p3", .text("0x1p3")),
            (".", .text(".")),
            ("-", .text("-")), ("12:30:45", .text("12:30:45")), ("1.2.3", .text("1.2.3")),
        ] as [(String, YAMLScalar.Resolved)]
    )
    func `means what the core schema of YAML 1.2 says`(text: String, meaning: YAMLScalar.Resolved) {
        #expect(YAMLScalar(text).resolved(tag: nil) == meaning)
    }

    @Test func `that is quoted or tagged is text`() {
        #expect(YAMLScalar("1", style: .doubleQuoted).resolved(tag: nil) == .text("1"))
        #expect(YAMLScalar("1").resolved(tag: YAMLTag.string) == .text("1"))
        #expect(YAMLScalar("1").resolved(tag: YAMLTag.nonSpecific) == .text("1"))
        #expect(YAMLScalar("1", style: .singleQuoted).resolved(tag: YAMLTag.int) == .int(1))
    }
}
