/// What a client seals its connections with: the context of its settings, made anew for the next
/// connection when one of the files has changed.
@EventLoop
package final class TLSClient {
    package let settings: TLSSettings
    private var context: TLSContext?
    /// The files as they were when the context was made.
    private var seen: [FileStamp?] = []

    /// The files are read for the first connection.
    package init(_ settings: TLSSettings) { self.settings = settings }

    /// Reads the files now.
    /// - Throws: the first that cannot be used.
    package static func client(_ settings: TLSSettings) throws(LoopError) -> TLSClient {
        let client = TLSClient(settings)
        // Before they are read: what changes in between is found by the next look.
        client.seen = FileStamp.of(settings.files)
        client.context = try .client(settings)
        return client
    }

    /// The context for a connection that is to be made now.
    package func current() async throws(LoopError) -> TLSContext {
        let files = settings.files
        if files.isEmpty, let context { return context }
        let stamps = await Files.offLoop { FileStamp.of(files) }
        if let context, stamps == seen { return context }
        do throws(LoopError) {
            let fresh = try TLSContext.client(settings)
            context = fresh
            seen = stamps
            return fresh
        } catch {
            // While files are being replaced, the key is for a moment not the certificate's.
            if let context { return context }
            throw error
        }
    }
}
