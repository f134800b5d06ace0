import GRPC
package import Loop

/// Asks a server for its own `.proto` files by `grpc.reflection`, v1 and else v1alpha.
@EventLoop
package final class ReflectionClient {
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
        /// How the call ended, when it was that.
        package let status: CallStatus?
    }

    private let client: CallClient
    private let metadata: CallMetadata
    private var version = "v1"
    private var hasAnswered = false
    /// More files than this are no description of a service.
    private static let mostFiles = 10_000
    /// Of one answer: its fields are kept apart, which takes many times their bytes.
    private static let mostBytes = 8 << 20

    package init(_ client: CallClient, metadata: CallMetadata = CallMetadata()) {
        self.client = client
        self.metadata = metadata
    }

    /// The full names of the services that the server has.
    package func services(until deadline: Instant) async throws(Failure) -> [String] {
        var call: Call?
        switch try await ask(.listServices, by: &call, until: deadline) {
        case .services(let names): return names
        case .error(let status): throw failed("the list of services: \(status)")
        default: throw failed(unasked)
        }
    }

    /// The files that declare these names, and all that they import as far as the server gives it.
    package func files(
        declaring symbols: [String],
        until deadline: Instant
    ) async throws(Failure) -> ReflectedFiles {
        var call: Call?
        var found = Search()
        for symbol in symbols {
            switch try await ask(.fileContaining(symbol), by: &call, until: deadline) {
            case .files(let files): try take(files, into: &found)
            case .error(let status): throw failed("\(symbol): \(status)")
            default: throw failed(unasked)
            }
        }
        return try await complete(&found, by: &call, until: deadline)
    }

    /// The files of these names, and all that they import as far as the server gives it.
    package func files(
        named names: [String],
        until deadline: Instant
    ) async throws(Failure) -> ReflectedFiles {
        var call: Call?
        var found = Search()
        for name in names { found.want(name, importer: nil) }
        return try await complete(&found, by: &call, until: deadline)
    }

    /// The files found, and the imports still to be asked for.
    private struct Search {
        var result = ReflectedFiles()
        private(set) var wanted: [(name: String, importer: String?)] = []
        private var seen: Set<String> = []

        mutating func want(_ name: String, importer: String?) {
            if seen.insert(name).inserted { wanted.append((name, importer)) }
        }

        mutating func next() -> (name: String, importer: String?)? { wanted.popLast() }
    }

    private func complete(
        _ found: inout Search,
        by call: inout Call?,
        until deadline: Instant
    ) async throws(Failure) -> ReflectedFiles {
        while let (name, importer) = found.next() {
            guard found.result.files[name] == nil else { continue }
            var reason = "it answers with other files"
            switch try await ask(.fileNamed(name), by: &call, until: deadline) {
            case .files(let files): try take(files, into: &found)
            case .error(let status): reason = status.description
            default: reason = unasked
            }
            if found.result.files[name] == nil {
                let missing = ReflectedFiles.Missing(name: name, importer: importer, reason: reason)
                found.result.missing.append(missing)
            }
        }
        return found.result
    }

    private func take(_ files: [[UInt8]], into found: inout Search) throws(Failure) {
        do throws(GRPCStatus) {
            for file in files {
                let (name, imports) = try found.result.add(file)
                for other in imports { found.want(other, importer: name) }
            }
        } catch {
            throw failed(error.message)
        }
        guard found.result.files.count + found.wanted.count <= Self.mostFiles else {
            throw failed("more than \(Self.mostFiles) files")
        }
    }

    // MARK: The call

    /// All questions of one operation go over one call, which ends with it.
    private func ask(
        _ query: ReflectionQuery,
        by call: inout Call?,
        until deadline: Instant
    ) async throws(Failure) -> ReflectionAnswer {
        do {
            return try await askOnce(query, by: &call, until: deadline)
        } catch {
            guard version == "v1", !hasAnswered, error.status?.isOfNoMethod == true else {
                throw error
            }
            version = "v1alpha"
            return try await askOnce(query, by: &call, until: deadline)
        }
    }

    private func askOnce(
        _ query: ReflectionQuery,
        by line: inout Call?,
        until deadline: Instant
    ) async throws(Failure) -> ReflectionAnswer {
        let call: Call
        if let line { call = line } else { call = await begin(until: deadline) }
        line = call
        call.send(query.encoded)
        switch await call.next() {
        case .message(let message):
            hasAnswered = true
            guard message.bytes.count <= Self.mostBytes else {
                throw failed("an answer of \(message.bytes.count) bytes")
            }
            do throws(GRPCStatus) {
                return try ReflectionAnswer(message.bytes)
            } catch {
                throw failed(error.message)
            }
        case .ended(let status):
            line = nil
            throw Failure(
                description: status.isOfNoMethod
                    ? "the server has no reflection, neither v1 nor v1alpha (\(status)); "
                        + ReflectedFiles.wayOut
                    : "the server's reflection ended the call: \(status)",
                status: status
            )
        case .late: throw failed("no answer in time")
        }
    }

    private func begin(until deadline: Instant) async -> Call {
        let path = "/grpc.reflection.\(version).ServerReflection/ServerReflectionInfo"
        let request = CallRequest(path, metadata: metadata, streamsAnswers: true)
        return await client.begin(request, until: deadline)
    }

    private func failed(_ reason: String) -> Failure {
        Failure(description: "the server's reflection: \(reason)", status: nil)
    }
}

private let unasked = "it answers what was not asked"

extension CallStatus {
    /// The server, or what stands before it, knows no such method.
    fileprivate var isOfNoMethod: Bool {
        switch source {
        case .server: code == .unimplemented
        case .client(let cause): cause == .violation(.httpStatus(404))
        }
    }
}
