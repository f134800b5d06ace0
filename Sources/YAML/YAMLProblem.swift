/// Where a node begins. Lines and columns count from 1, columns in characters.
package struct YAMLPlace: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let file: String
    package let line: Int
    package let column: Int

    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    package var description: String { "\(file):\(line):\(column)" }

    package static func < (left: YAMLPlace, right: YAMLPlace) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}

/// One thing that is wrong, or doubtful, at one place.
package struct YAMLProblem: Hashable, Sendable, CustomStringConvertible {
    package let place: YAMLPlace
    package let message: String

    package init(_ message: String, at place: YAMLPlace) {
        self.place = place
        self.message = message
    }

    package var description: String { "\(place): \(message)" }
}

/// All that is wrong with a document, in the order of the file.
package struct YAMLError: Error, Hashable, Sendable, CustomStringConvertible {
    package let problems: [YAMLProblem]

    package init(_ problems: [YAMLProblem]) { self.problems = problems }

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
