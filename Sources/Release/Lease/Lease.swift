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
    package var ttl: Double
    /// What the gateway says: whether it was renewed in time, by the gateway's own clock.
    package var live: Bool?

    package init(
        release: String,
        epoch: Int,
        who: String,
        version: String,
        plan: String,
        heartbeat: String,
        ttl: Double,
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

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        release = try container.decode(String.self, forKey: .release)
        epoch = try container.decode(Int.self, forKey: .epoch)
        who = try container.decodeIfPresent(String.self, forKey: .who) ?? "somebody"
        version = try container.decodeIfPresent(String.self, forKey: .version) ?? ""
        plan = try container.decodeIfPresent(String.self, forKey: .plan) ?? ""
        // Only for people, so that no form of it may make a lease unreadable.
        let text = try? container.decodeIfPresent(String.self, forKey: .heartbeat)
        let number = try? container.decodeIfPresent(Int.self, forKey: .heartbeat)
        heartbeat = text ?? number.map(String.init) ?? ""
        ttl = (try? container.decodeIfPresent(Double.self, forKey: .ttl)) ?? 0
        live = try container.decodeIfPresent(Bool.self, forKey: .live)
    }

    /// "release shop-v2-1f (v2) by jenkins@build-7, renewed 2026-01-01T10:00:00Z".
    package var words: String {
        "release \(release) (\(version)) by \(who), renewed \(heartbeat)"
    }
}
