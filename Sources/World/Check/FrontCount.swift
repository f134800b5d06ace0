import Loop

/// What the Fronts of a world counted since they started, summed up.
package struct FrontCount: Hashable, Sendable {
    /// Requests as users sent them.
    package var users = 0
    /// Requests as hosts were given them.
    package var upstream = 0
    /// Hosts picked in panic.
    package var panics = 0

    @EventLoop
    package static func read(_ fronts: [WorldFront]) async throws(WorldError) -> FrontCount {
        var sum = FrontCount()
        for front in fronts {
            let admin = try FrontAdmin(front)
            defer { admin.close() }
            sum.users += try await admin.stat("http.users.downstream_rq_total") ?? 0
            sum.upstream += try await admin.view().requests
            for app in WorldLayout.apps {
                sum.panics += try await admin.stat("cluster.\(app).lb_healthy_panic") ?? 0
            }
        }
        return sum
    }
}

extension AccessLog {
    /// The Fronts' logs once they have a line for each request; they are written every quarter of a
    /// second. After five seconds they are taken as they are.
    @EventLoop
    package static func read(_ fronts: [WorldFront], requests: Int) async throws -> AccessLog {
        let deadline = Instant.now + .seconds(5)
        while true {
            let texts = fronts.map { SmallFiles.read($0.accessLog) ?? "" }
            let lines = texts.reduce(0) { sum, text in
                sum + text.utf8.count { $0 == UInt8(ascii: "\n") }
            }
            if lines >= requests || Instant.now >= deadline { return AccessLog(texts.joined()) }
            try await EventLoop.sleep(for: .milliseconds(100))
        }
    }
}
