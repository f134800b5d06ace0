import HTTP
import Loop

/// Renews the certificates of the ports: new connections see what lies in the files now.
///
/// Whoever replaces the files need not tell: they are looked at every few seconds. Files that do not
/// go together, as while they are being replaced, leave the certificates that are in force.
@EventLoop
final class CertificateWatch {
    private let ports: [(server: HTTPServer, settings: TLSSettings)]
    private let log: (String, KeyValuePairs<String, JSON>) -> Void
    private let pause: Duration
    /// The files as they were when they were last read with success; nil: read them at the next look.
    private var seen: [FileStamp?]?
    private let atStart: [FileStamp?]
    /// Why they could not be read, so that it is logged once.
    private var complaint: String?
    private var timer: Timer?

    init(
        _ ports: [(server: HTTPServer, settings: TLSSettings)],
        every pause: Duration,
        log: @escaping (String, KeyValuePairs<String, JSON>) -> Void
    ) {
        self.ports = ports
        self.pause = pause
        self.log = log
        // Later than the ports read them: what changed in between is found by the first look.
        atStart = FileStamp.of(ports.flatMap(\.settings.files))
        schedule()
    }

    isolated deinit {}

    func close() { timer = nil }

    /// Reads all files anew.
    /// - Throws: the first that cannot be used; nothing has changed then.
    func renew() throws(LoopError) {
        var contexts: [TLSContext] = []
        for port in ports { contexts.append(try .server(port.settings)) }
        for (port, context) in zip(ports, contexts) { port.server.tls = context }
    }

    private func schedule() {
        guard !ports.isEmpty else { return }
        timer = Timer(after: pause) { [unowned self] in
            let files = ports.flatMap(\.settings.files)
            EventLoop.task { [weak self] in
                let stamps = await Files.offLoop { FileStamp.of(files) }
                self?.look(stamps)
            }
        }
    }

    private func look(_ stamps: [FileStamp?]) {
        guard timer != nil else { return }
        defer { schedule() }
        guard stamps != seen else { return }
        let isFirst = seen == nil && complaint == nil && stamps == atStart
        do throws(LoopError) {
            try renew()
            seen = stamps
            complaint = nil
            if !isFirst { log("certificates renewed", [:]) }
        } catch {
            // Tried again at each look: what is missing may be a right to read, or a descriptor.
            guard complaint != error.description else { return }
            complaint = error.description
            log("certificates not renewed", ["why": .string(error.description)])
        }
    }
}
