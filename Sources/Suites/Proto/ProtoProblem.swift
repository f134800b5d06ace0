/// Where something begins in a `.proto` file. Lines and columns count from 1, columns in characters.
struct ProtoPlace: Hashable {
    var line = 1
    var column = 1
}

/// One thing that is wrong with a `.proto` file, at one place.
package struct ProtoProblem: Hashable, Sendable, CustomStringConvertible {
    package let file: String
    package let line: Int
    package let column: Int
    package let message: String

    init(_ message: String, in file: String, at place: ProtoPlace) {
        self.file = file
        (line, column) = (place.line, place.column)
        self.message = message
    }

    package var description: String { "\(file):\(line):\(column): \(message)" }
}

/// All that is wrong with the files that were asked for: of syntax the first problem of a file, else each one.
package struct ProtoProblems: Error, Hashable, Sendable, CustomStringConvertible {
    package let problems: [ProtoProblem]

    package init(_ problems: [ProtoProblem]) { self.problems = problems }

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// What stops the reading of one file.
struct ProtoSyntaxError: Error {
    let message: String
    let place: ProtoPlace

    init(_ message: String, at place: ProtoPlace) { (self.message, self.place) = (message, place) }
}
