import Loop

/// Notices, second by second, a peer that does not take what is there for it.
@EventLoop
struct TakeWatch {
    /// Since when something has waited without a turn.
    private var since: Int?
    private var turns = 0

    /// - `waits`: whether something is there for the peer now.
    /// - `turns`: grows whenever the peer has taken something whole.
    mutating func isOverdue(_ waits: Bool, _ server: HTTPServer, turns: Int) -> Bool {
        guard waits, turns == self.turns, let since else {
            self.turns = turns
            since = waits ? server.tick : nil
            return false
        }
        return server.isPast(server.limits.takeTimeout, since: since)
    }
}
