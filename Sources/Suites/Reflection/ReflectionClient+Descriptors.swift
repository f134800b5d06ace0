package import Loop

extension ReflectionClient {
    /// The descriptors behind a service, named with its package or, where that is plain, without.
    package func descriptors(
        of service: String,
        until deadline: Instant
    ) async throws -> [FileDescriptor] {
        let names = try await services(until: deadline)
        let full = names.first { $0 == service } ?? names.first { $0.hasSuffix("." + service) }
        let found = try await files(declaring: [full ?? service], until: deadline)
        if let missing = found.missing.first {
            throw SuiteFileError(description: "the server's reflection: \(missing)")
        }
        return try found.files.sorted { $0.key < $1.key }.map { name, bytes in
            do throws(WireError) {
                return try DescriptorSet.decodeFile(bytes)
            } catch {
                let why = "the server's reflection: \(name) cannot be read: \(error)"
                throw SuiteFileError(description: why)
            }
        }
    }
}
