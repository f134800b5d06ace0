import HTTP
import Loop

/// `/events`: server-sent events, one a change.
@EventLoop
final class EventStreams {
    private let history: EventHistory
    private var open: [Int: Exchange] = [:]
    private var pulse: Timer?
    /// Beyond so much that a reader has not taken, it is cut off.
    private static let patience = 256 << 10
    private let most: Int

    init(_ history: EventHistory, most: Int) {
        self.history = history
        self.most = most
    }

    func open(_ exchange: Exchange) {
        guard open.count < most else {
            history.followersRefused += 1
            return exchange.respond(AdminAnswer.problem(503, "too many follow the events already"))
        }
        exchange.start(200, AdminAnswer.headers("text/event-stream"))
        guard !exchange.isFinished else { return }
        // Where a reader broke off, it goes on.
        let last = exchange.request.headers["last-event-id"].flatMap { Int($0) }
        exchange.write(Array(": events of this host\n\n".utf8))
        for event in history.events where last.map({ event.number > $0 }) == true {
            exchange.write(EventStreams.frame(event))
        }
        let follower = history.follow { [weak self, weak exchange] event in
            if let exchange { self?.write(EventStreams.frame(event), to: exchange) }
        }
        open[follower] = exchange
        exchange.onClose = { [weak self] in self?.forget(follower) }
        beat()
    }

    func close() {
        for (follower, exchange) in open {
            history.stopFollowing(follower)
            exchange.finish()
        }
        open = [:]
        pulse = nil
    }

    private func write(_ bytes: [UInt8], to exchange: Exchange) {
        if exchange.backlog > EventStreams.patience {
            exchange.abort()
        } else {
            exchange.write(bytes)
        }
    }

    private func forget(_ follower: Int) {
        history.stopFollowing(follower)
        open[follower] = nil
    }

    /// Something now and then, so that a reader who has gone is found out.
    private func beat() {
        guard pulse == nil else { return }
        pulse = Timer(after: .seconds(15)) { [weak self] in
            guard let self else { return }
            pulse = nil
            for exchange in open.values { write(Array(":\n\n".utf8), to: exchange) }
            if !open.isEmpty { beat() }
        }
    }

    private static func frame(_ event: EventHistory.Event) -> [UInt8] {
        Array("id: \(event.number)\nevent: \(event.kind)\ndata: \(event.json)\n\n".utf8)
    }
}
