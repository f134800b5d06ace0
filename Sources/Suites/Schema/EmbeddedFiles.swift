/// The files that every schema may import without being given them: `google/protobuf` and
/// `google/rpc`.
package enum EmbeddedFiles {
    /// Nil: there is none of this name.
    package static func file(named name: String) -> FileDescriptor? {
        guard EmbeddedProtos.texts[name] != nil else { return nil }
        return (try? ProtoFiles.load([name], from: .memory([:])))?.last { $0.name == name }
    }

    package static var names: [String] { EmbeddedProtos.texts.keys.sorted() }
}
