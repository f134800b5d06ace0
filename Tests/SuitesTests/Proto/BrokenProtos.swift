import Testing

/// A file with one mistake, and what is said about it: `line:column: message`.
struct BrokenProto: CustomTestStringConvertible {
    let text: String
    let problem: String

    init(_ text: String, _ problem: String) { (self.text, self.problem) = (text, problem) }

    init(two text: String, _ problem: String) {
        self.init(#"syntax = "proto2"; "# + text, problem)
    }

    init(three text: String, _ problem: String) {
        self.init(#"syntax = "proto3"; "# + text, problem)
    }

    init(e2023 text: String, _ problem: String) {
        self.init(#"edition = "2023"; "# + text, problem)
    }

    init(e2024 text: String, _ problem: String) {
        self.init(#"edition = "2024"; "# + text, problem)
    }

    /// With an option `foo` of files.
    init(option type: String, _ text: String, _ problem: String) {
        let start =
            #"import "google/protobuf/descriptor.proto"; extend google.protobuf.FileOptions"#
        self.init(three: "\(start) { \(type) foo = 50000; } \(text)", problem)
    }

    var testDescription: String { problem }
}

enum BrokenProtos {
    static let all = marks + names + values + options
}
