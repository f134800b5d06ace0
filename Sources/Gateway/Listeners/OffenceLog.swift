import HTTP
import Loop

/// Tells the log of peers that break the rules: the first at once, and then one line a second at most,
/// with the number of those in between. Who floods us must not flood the log.
@EventLoop
final class OffenceLog {
    private let port: String
    private let log: (String, KeyValuePairs<String, JSON>) -> Void
    private var pause: Timer?
    private var untold = 0
    private var last: (peer: SocketAddress?, what: String)?

    init(port: String, log: @escaping (String, KeyValuePairs<String, JSON>) -> Void) {
        self.port = port
        self.log = log
    }

    func add(_ peer: SocketAddress?, _ what: String) {
        last = (peer, what)
        untold += 1
        if pause == nil { tell() }
    }

    private func tell() {
        pause = nil
        guard let last, untold > 0 else { return }
        log(
            "peer refused",
            [
                "port": .string(port), "peer": .text(last.peer?.description),
                "what": .string(last.what), "count": .integer(untold),
            ]
        )
        untold = 0
        pause = Timer(after: .seconds(1)) { [weak self] in self?.tell() }
    }
}
