import Loop
import Suites
import TestSupport
import YAML

/// Texts of `.proto` files: what is taken makes descriptors that are written and read again as the
/// same, and what is not is refused at a place.
struct ProtoTarget: TextTarget {
    static let name = "proto"
    var mutator = Mutator(
        seeds: ProtoSeeds.texts,
        pieces: [
            "message ", "enum ", "service ", "rpc ", "stream ", "oneof ", "map<", "group ",
            "extend ",
            "extensions ", "reserved ", "option ", "import ", "import public ", "repeated ",
            "optional ",
            "required ", "syntax = \"proto2\";", "edition = \"2023\";", "package ", "returns ",
            "max",
            "to ", "[deprecated = true]", "[packed=true, (x).y = {a: 1}]", "{", "}", "(", ")", "<",
            ">",
            ";", ",", "=", ".", "-", "\"", "'", "//", "/*", "*/", "0x", "1e309", "536870912",
            "18446744073709551616", "\\u0041", "\\xff", "nan", "inf", "{{{{{{{{", "a.b.c.d",
            "import \"self.proto\";", "import \"circle.proto\";",
            "import \"google/protobuf/any.proto\";",
        ],
        seed: 1
    )

    var maxLength: Int { 2048 }

    mutating func fault(with input: [UInt8]) -> String? {
        let circle = Array("syntax = \"proto3\"; import \"self.proto\";".utf8)
        let source = ProtoSource { name in
            switch name {
            case "self.proto": .found(input, identity: name)
            case "circle.proto": .found(circle, identity: name)
            default: .missing("\(name) is not found")
            }
        }
        do throws(ProtoProblems) {
            let files = try ProtoFiles.load(["self.proto"], from: source)
            _ = try? Schema(files)
            let again = try? DescriptorSet.decode(DescriptorSet.encode(files))
            return again == files ? nil : "written and read are others: \(files)"
        } catch {
            return error.description.contains(".proto:")
                ? nil : "an error without a place: \(error)"
        }
    }
}

/// Whole files of suites against a schema: what is taken can be looked through, and what is not is
/// refused at a place.
struct SuiteTarget: TextTarget {
    static let name = "suites"
    var mutator = Mutator(
        seeds: ProtoSeeds.suites,
        pieces: [
            "- ", ": ", "\n", "  ", "{", "}", "[", "]", ", ", "!regex ", "!any ", "!absent ",
            "!present ",
            "!contains ", "!length ", "!unordered ", "!not ", "!all ", "!either ", "!gt ", "!hex ",
            "${a}",
            "${b}", "${", "$${", "\"@type\": s.M", "&a ", "*a", "<<: *a", "requests: ",
            "responses: ",
            "stream: ", "error: ", "capture: ", "each: ", "setup: ", "vars: ", "contract: ",
            "{send: {}}", "{expect: {}}", "{until: 1}", "cancel", "close", "null", ".nan",
            "9223372036854775808", "1e400", "1970-01-01T00:00:00Z", "responses[0].m[\"a\"].s",
            "'('",
        ],
        seed: 1
    )
    private let schema = ProtoSeeds.texts.first.flatMap { text in
        (try? ProtoFiles.load(["s.proto"], from: .memory(["s.proto": text]))).flatMap {
            try? Schema($0)
        }
    }

    var maxLength: Int { 2048 }

    mutating func fault(with input: [UInt8]) -> String? {
        guard let schema else { return "there is no schema" }
        do throws(YAMLError) {
            let suites = try SuiteDocument(input, file: "fuzz.yaml").suites(Secrets()) { _ in schema
            }
            _ = CoverageText(Coverage(suites), isVerbose: true).lines
            return nil
        } catch {
            return error.description.contains("fuzz.yaml:")
                ? nil : "an error without a place: \(error)"
        }
    }
}
