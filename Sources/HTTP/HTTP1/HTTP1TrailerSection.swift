/// The fields behind the last chunk, and the empty line that ends them.
struct TrailerSection: Hashable, Sendable {
    private(set) var fields: HTTPHeaders = [:]
    /// What came so far of a section that is not complete.
    private var kept: [UInt8] = []
    private let limits: HTTPLimits

    init(limits: HTTPLimits) { self.limits = limits }

    /// Takes bytes; how many, once the section is complete, and nil while it is not.
    mutating func take(_ bytes: UnsafeRawBufferPointer) throws(HTTP1Error) -> Int? {
        let before = kept.count
        // Most often there are no fields, and the empty line comes with the last chunk.
        if before == 0, bytes.starts(with: [cr, lf]) { return 2 }
        kept.append(contentsOf: bytes.prefix(limits.maxHeaderBytes - before))
        // A section ends by a control byte and what follows it; text alone need not be read again.
        let hasNews = (before > 0 && kept[before - 1] == cr) || !bytes.allSatisfy(\.isFieldValue)
        guard hasNews || kept.count == limits.maxHeaderBytes else { return nil }
        guard let end = try parse() else { return nil }
        kept = []
        return end - before
    }

    private mutating func parse() throws(HTTP1Error) -> Int? {
        let limits = limits
        let result = kept.withUnsafeBufferPointer {
            (bytes) -> Swift.Result<(HTTPHeaders, Int), HTTP1Scanner.Stop> in
            guard let base = bytes.baseAddress else { return .failure(.end) }
            var scanner = HTTP1Scanner(base, bytes.count)
            do throws(HTTP1Scanner.Stop) {
                return .success((try scanner.trailers(limits), scanner.at))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success((let fields, let end)):
            self.fields = fields
            return end
        case .failure(.end):
            return nil
        case .failure(.failed(let error)):
            throw error
        }
    }
}

extension HTTP1Scanner {
    fileprivate mutating func trailers(_ limits: HTTPLimits) throws(Stop) -> HTTPHeaders {
        limit(to: limits.maxHeaderBytes, orElse: .headTooLarge)
        var fields = HTTPHeaders()
        while let field = try field() {
            guard fields.count < limits.maxHeaders else { throw .failed(.tooManyFields) }
            let name = bytes(field.name)
            // Whoever took these for header fields would see another message (RFC 9110 6.5.1).
            let isForbidden = ["content-length" as StaticString, "transfer-encoding", "host"]
                .contains { name.equalsLowercase($0) }
            guard !isForbidden else { throw .failed(.forbiddenTrailer) }
            fields.add(
                String(decoding: name, as: UTF8.self),
                String(decoding: bytes(field.value), as: UTF8.self)
            )
        }
        return fields
    }
}
