import GRPC

/// What a server's reflection has told of its `.proto` files.
package struct ReflectedFiles: Hashable, Sendable {
    /// An import that the server does not give.
    package struct Missing: Hashable, Sendable, CustomStringConvertible {
        package let name: String
        /// The file that imports it; nil when it was asked for by itself.
        package let importer: String?
        /// Why, in the server's words.
        package let reason: String

        package var description: String {
            let importer = importer.map { ", imported by \($0)" } ?? ""
            return "the server's reflection does not give \(name)\(importer) (\(reason)); "
                + ReflectedFiles.wayOut
        }
    }

    /// A serialized `FileDescriptorProto` by the name of its file.
    package private(set) var files: [String: [UInt8]] = [:]
    /// Imports that are not among the files; what is well known may be had from elsewhere.
    package var missing: [Missing] = []

    static let wayOut = "name the .proto files in the suite instead"

    package init() {}

    /// Takes a file, and tells what it imports. The first of one name stays.
    mutating func add(_ file: [UInt8]) throws(GRPCStatus) -> (name: String, imports: [String]) {
        guard let name = try ReflectionAnswer.each(1, of: file).last, !name.isEmpty else {
            throw GRPCStatus(.internal, "a file descriptor without a name")
        }
        let text = ReflectionAnswer.text(name)
        if files[text] == nil { files[text] = file }
        return (text, try ReflectionAnswer.each(3, of: file).map(ReflectionAnswer.text))
    }
}
