package import YAML

/// One place where an answer is not what was expected.
package struct Difference: Hashable, Sendable {
    /// Such as `responses[0].items[2].name`.
    package let path: String
    package let expected: String
    package let got: String
    /// The line of the suite that expects it.
    package let place: YAMLPlace

    package init(_ path: String, expected: String, got: String, at place: YAMLPlace) {
        (self.path, self.expected, self.got, self.place) = (path, expected, got, place)
    }
}
