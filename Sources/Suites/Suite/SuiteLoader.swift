package import Loop
package import YAML

/// Reads suites with the schemas that they name.
@EventLoop
package struct SuiteLoader {
    /// What a server says of itself, for suites that ask it.
    package typealias Reflect = @EventLoop (_ service: String) async throws -> [FileDescriptor]

    package let secrets: Secrets
    private let reflect: Reflect?

    /// - Parameter reflect: nil: there is no server to ask.
    package init(secrets: Secrets, reflect: Reflect? = nil) {
        self.secrets = secrets
        self.reflect = reflect
    }

    /// All suites of these files, in their order; else all that is wrong with them, at once.
    package func load(_ paths: [String]) async throws(YAMLError) -> [Suite] {
        var suites: [Suite] = []
        var problems: [YAMLProblem] = []
        for path in paths {
            do throws(YAMLError) {
                suites += try await load(path)
            } catch {
                problems += error.problems
            }
        }
        guard problems.isEmpty else { throw YAMLError(problems) }
        return suites
    }

    private func load(_ path: String) async throws(YAMLError) -> [Suite] {
        let bytes: [UInt8]
        do throws(SuiteFileError) {
            bytes = try SuiteFiles.read(path, limit: 16 << 20)
        } catch {
            let start = YAMLPlace(file: path, line: 1, column: 1)
            throw YAMLError([YAMLProblem(error.description, at: start)])
        }
        let document = try SuiteDocument(bytes, file: path)
        var known: [SchemaSource: Schema] = [:]
        var schemas: [Schema?] = []
        for head in document.heads {
            let source = SchemaSource(head, in: document.folder)
            do throws(SchemaSource.Fault) {
                let schema =
                    if let one = known[source] { one } else { try await source.load(reflect) }
                known[source] = schema
                schemas.append(schema)
            } catch {
                schemas.append(nil)
                for words in error.words { document.report.error(words, at: head.schemaPlace) }
            }
        }
        return try document.suites(secrets) { schemas.indices.contains($0) ? schemas[$0] : nil }
    }
}

/// Where the types of a suite come from.
struct SchemaSource: Hashable {
    enum Place: Hashable {
        case protos([String], importPaths: [String])
        /// A serialized `FileDescriptorSet`.
        case descriptors(String)
        case reflection(service: String)
    }

    struct Fault: Error { let words: [String] }

    private let place: Place

    init(_ head: SuiteHead, in folder: String) {
        switch head.source {
        case .protos(let paths):
            place = .protos(
                paths.map { resolved($0, in: folder) },
                importPaths: head.importPaths.map { resolved($0, in: folder) }
            )
        case .descriptors(let path): place = .descriptors(resolved(path, in: folder))
        case .reflection: place = .reflection(service: head.service)
        }
    }

    func load(_ reflect: SuiteLoader.Reflect?) async throws(Fault) -> Schema {
        do {
            let files = try await files(reflect)
            // The details of errors are known, whatever the suite's files import.
            return try Schema(files + (try ProtoFiles.errorDetails(beside: files)))
        } catch let error as ProtoProblems {
            throw Fault(words: error.problems.map(\.description))
        } catch {
            throw Fault(words: ["\(error)"])
        }
    }

    private func files(_ reflect: SuiteLoader.Reflect?) async throws -> [FileDescriptor] {
        switch place {
        case .protos(let paths, let importPaths):
            var files: [FileDescriptor] = []
            for path in paths {
                for file in try ProtoFiles.load(path, importPaths: importPaths)
                where !files.contains(where: { $0.name == file.name }) {
                    files.append(file)
                }
            }
            return files
        case .descriptors(let path):
            return try DescriptorSet.decode(try SuiteFiles.read(path, limit: 64 << 20))
        case .reflection(let service):
            guard let reflect else {
                throw SuiteFileError(
                    description:
                        "reflection asks the server, and there is none here: give --address, "
                        + "or name a proto"
                )
            }
            return try await reflect(service)
        }
    }
}

extension ProtoFiles {
    /// The files of `google/rpc` that details of errors are made of, where they are not there already.
    fileprivate static func errorDetails(
        beside files: [FileDescriptor]
    ) throws(ProtoProblems) -> [FileDescriptor] {
        let known = Set(files.map(\.name))
        let names = ["google/rpc/status.proto", "google/rpc/error_details.proto"]
        let wanted = names.filter { !known.contains($0) }
        return try load(wanted, from: .memory([:])).filter { !known.contains($0.name) }
    }
}
