package import HTTP
package import Loop

/// Counts the calls that the admin port refuses to let in, and tells of them once a second at most:
/// whoever knocks must not fill the log.
@EventLoop
package final class RefusedCalls {
    /// By the status that they were answered with.
    package private(set) var counts = [401: 0, 403: 0]
    private let log: (KeyValuePairs<String, JSON>) -> Void
    private let pause: Duration
    /// How many since the last line, and the last of them.
    private var unsaid: (count: Int, last: Call)?
    private var timer: Timer?

    private struct Call {
        let method: String
        let path: String
        let from: String
        let status: Int
        let why: String
    }

    package init(
        every pause: Duration = .seconds(1),
        log: @escaping (KeyValuePairs<String, JSON>) -> Void
    ) {
        self.pause = pause
        self.log = log
    }

    isolated deinit {}

    package func note(_ request: HTTPRequest, by caller: Caller, _ refusal: HTTPResponse) {
        counts[refusal.status, default: 0] += 1
        let call = Call(
            method: String(request.method.prefix(16)),
            path: String(request.pathOnly.prefix(64)),
            from: caller.from,
            status: refusal.status,
            why: String(refusal.text.prefix(256))
        )
        unsaid = ((unsaid?.count ?? 0) + 1, call)
        if timer == nil { tell() }
    }

    private func tell() {
        timer = nil
        guard let (count, last) = unsaid else { return }
        unsaid = nil
        log([
            "count": .integer(count),
            "method": .string(last.method),
            "path": .string(last.path),
            "from": .string(last.from),
            "status": .integer(last.status),
            "why": .string(last.why),
        ])
        timer = Timer(after: pause) { [weak self] in self?.tell() }
    }
}
