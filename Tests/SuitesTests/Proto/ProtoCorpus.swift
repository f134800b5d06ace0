import Glibc
import Suites
import TestSupport

/// The files of `Corpus`, which use all that the language has.
struct ProtoCorpus {
    static let folder =
        #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Corpus"

    struct Failure: Error, CustomStringConvertible { let description: String }

    /// Paths relative to the folder.
    let names: [String]
    let texts: [String: String]

    init() throws {
        names = try Self.names(below: Self.folder)
        texts = Dictionary(
            uniqueKeysWithValues: names.compactMap { name in
                guard case .found(let bytes, _) = ProtoSource.disk([Self.folder]).read(name) else {
                    return nil
                }
                return (name, String(decoding: bytes, as: UTF8.self))
            }
        )
    }

    /// All `.proto` files below a folder, as paths relative to it.
    static func names(below folder: String) throws -> [String] {
        var (names, rest) = ([String](), [""])
        while let path = rest.popLast() {
            guard let open = opendir(folder + "/" + path) else {
                throw Failure(description: "\(folder)/\(path) cannot be read")
            }
            defer { closedir(open) }
            while let entry = readdir(open) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                }
                let isFolder = entry.pointee.d_type == UInt8(DT_DIR)
                if isFolder, !name.hasPrefix(".") { rest.append(path + name + "/") }
                if name.hasSuffix(".proto") { names.append(path + name) }
            }
        }
        return names.sorted()
    }
}
