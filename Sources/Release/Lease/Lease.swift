/// The release lock, as it lies on every gateway of the plan.
package struct Lease: Codable, Hashable, Sendable {
    package var release: String
    /// Rises with every takeover; whoever has the lower one has lost.
    package var epoch: Int
    package var who: String
    package var version: String
    /// The plan's fingerprint.
    package var plan: String
    /// When it was last renewed, as the holder's clock has it; for people.
    package var heartbeat: String
    /// In seconds: without a renewal for so long it is not live any more.
    package var ttl: Int
    /// What the gateway says: whether it was renewed in time, by the gateway's own clock.
    package var live: Bool?

    package init(
        release: String,
        epoch: Int,
        who: String,
        version: String,
        plan: String,
        heartbeat: String,
        ttl: Int,
        live: Bool? = nil
    ) {
        self.release = release
        self.epoch = epoch
        self.who = who
        self.version = version
        self.plan = plan
        self.heartbeat = heartbeat
        self.ttl = ttl
        self.live = live
    }

    /// "release shop-v2-1f (v2) by jenkins@build-7, renewed 2026-01-01T10:00:00Z".
    package var words: String {
        "release \(release) (\(version)) by \(who), renewed \(heartbeat)"
    }
}
