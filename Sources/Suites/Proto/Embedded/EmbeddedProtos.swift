/// The files that a `.proto` may import without having them on disk, in few words and without comments.
package enum EmbeddedProtos {
    static let descriptor = "google/protobuf/descriptor.proto"

    /// By the name under which they are imported.
    package static let texts: [String: String] = [descriptor: descriptorText]
        .merging(wellKnown) { first, _ in first }
        .merging(languages) { first, _ in first }
        .merging(rpc) { first, _ in first }

    /// The file that has `google.protobuf.Timestamp` or the like.
    static func file(of type: String) -> String? {
        let parts = type.split(separator: ".")
        guard parts.count == 3, parts[0] == "google" else { return nil }
        let files = texts.filter { $0.key.hasPrefix("google/\(parts[1])/") }
        return files.first { _, text in
            text.contains("\nmessage \(parts[2]) {") || text.contains("\nenum \(parts[2]) {")
        }?.key
    }
}
