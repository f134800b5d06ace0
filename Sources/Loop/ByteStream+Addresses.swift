extension ByteStream {
    /// Connects to the first of these addresses that answers, as a name may have several.
    package static func connect(
        toAny addresses: [SocketAddress],
        until deadline: Instant
    ) async throws(LoopError) -> ByteStream {
        var last = LoopError(.dns, "no address to connect to")
        for address in addresses {
            do throws(LoopError) {
                return try await connect(to: address, until: deadline)
            } catch {
                last = error
                if error.kind == .timedOut || error.kind == .cancelled { break }
            }
        }
        throw last
    }
}
