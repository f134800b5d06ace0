import HTTP
import Loop

/// `/events`: one a change, as server-sent events, or as lines for who accepts those.
@EventLoop
final class EventStreams {
    private let history: EventHistory
    private var open: [Int: (exchange: Exchange, form: Form)] = [:]
    private var pulse: Timer?
    /// Beyond so much that a reader has not taken, it is cut off.
    private static let patience = 256 << 10
    private let most: Int

    private enum Form: String {
        case serverSent = "text/event-stream"
        case json = "application/x-ndjson"
        case lines = "text/plain"

        init(for request: HTTPRequest) {
            let others = [Form.json, .lines]
            self = others.first { request.accepts($0.rawValue) } ?? .serverSent
        }

        func frame(_ event: EventHistory.Event) -> [UInt8] {
            switch self {
            case .serverSent:
                Array("id: \(event.number)\nevent: \(event.kind)\ndata: \(event.json)\n\n".utf8)
            case .json: event.json.bytes + [UInt8(ascii: "\n")]
            case .lines: Array((event.line + "\n").utf8)
            }
        }

        /// What says nothing; an empty line, or a comment.
        var nothing: [UInt8] { Array((self == .serverSent ? ":\n\n" : "\n").utf8) }
    }

    init(_ history: EventHistory, most: Int) {
        self.history = history
        self.most = most
    }

    func open(_ exchange: Exchange) {
        guard open.count < most else {
            history.followersRefused += 1
            return exchange.respond(AdminAnswer.problem(503, "too many follow the events already"))
        }
        let form = Form(for: exchange.request)
        exchange.start(200, AdminAnswer.headers(form.rawValue))
        guard !exchange.isFinished else { return }
        // Where a reader broke off, it goes on.
        let last = exchange.request.headers["last-event-id"].flatMap { Int($0) }
        exchange.write(form.nothing)
        for event in history.events where last.map({ event.number > $0 }) == true {
            exchange.write(form.frame(event))
        }
        let follower = history.follow { [weak self, weak exchange] event in
            if let exchange { self?.write(form.frame(event), to: exchange) }
        }
        open[follower] = (exchange, form)
        exchange.onClose = { [weak self] in self?.forget(follower) }
        beat()
    }

    func close() {
        for (follower, reader) in open {
            history.stopFollowing(follower)
            reader.exchange.finish()
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
            for (exchange, form) in open.values { write(form.nothing, to: exchange) }
            if !open.isEmpty { beat() }
        }
    }
}
