import Loop

/// What a peer may take its time for.
extension HTTP2ServerConnection: ServerConnection {
    func overdue() -> HTTPBound? {
        let limits = server.limits
        guard session != nil else {
            // At the end, the last bytes must be taken in time.
            return server.isPast(limits.takeTimeout, since: activeTick) ? .takenWithin : nil
        }
        if isUnread() { return .takenWithin }
        if begun == 0 {
            let isPast = server.isPast(limits.idleTimeout, since: activeTick)
            return isPast && !isClosing ? .idle : nil
        }
        if headStream != 0, server.isPast(limits.headerTimeout, since: headTick) {
            return .headersWithin
        }
        if isUnfinished, server.isPast(limits.bodyTimeout, since: activeTick) {
            return .requestWithin
        }
        let isLate = unfinished.values.contains { server.isPast(limits.requestTimeout, since: $0) }
        return isLate ? .requestWithin : nil
    }

    /// Whether what is there for the peer is not taken: it does not read, or gives answers no window.
    private func isUnread() -> Bool {
        let waits = channel.isWaitingForPeer
        if reading.isOverdue(waits, server, turns: channel.emptied) { return true }
        // Prepared answers have no stream of ours.
        let prepared = begun - streams.count - (headStream != 0 ? 1 : 0)
        let owes = prepared > 0 || streams.values.contains { $0.backlog > 0 }
        return granting.isOverdue(owes, server, turns: done)
    }
}
