/// Why descriptors make no schema.
package struct SchemaError: Error, Hashable, Sendable, CustomStringConvertible {
    package let message: String
    /// The `.proto` it is about; empty when it is about no one file.
    package let file: String

    init(_ message: String, in file: String = "") { (self.message, self.file) = (message, file) }

    package var description: String { file.isEmpty ? message : "\(file): \(message)" }
}
