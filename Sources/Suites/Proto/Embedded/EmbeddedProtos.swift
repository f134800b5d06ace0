/// The files that a `.proto` may import without having them on disk, in few words and without comments.
enum EmbeddedProtos {
    static let descriptor = "google/protobuf/descriptor.proto"

    /// By the name under which they are imported.
    static let texts: [String: String] = [descriptor: descriptorText]
        .merging(wellKnown) { first, _ in first }
        .merging(languages) { first, _ in first }
        .merging(rpc) { first, _ in first }
}
