import Loop

/// The release lock as one gateway holds it. The driver takes it on every gateway of its plan, so
/// what is in it is enough to resume from anywhere.
package struct Lease: Hashable, Sendable, Codable {
    package var release: String
    /// Raised by each takeover: whoever still speaks with a lower one has lost the lock.
    package var epoch: Int
    package var who: String
    package var version: String
    /// The hash of the plan, as the driver gave it.
    package var plan: String
    /// When the driver last said that it lives, by this host's clock.
    package var heartbeat: WallTime
    /// Seconds after the heartbeat until the driver counts as gone.
    package var ttl: Double

    package init(
        release: String,
        epoch: Int,
        who: String,
        version: String,
        plan: String,
        heartbeat: WallTime,
        ttl: Double
    ) {
        self.release = release
        self.epoch = epoch
        self.who = who
        self.version = version
        self.plan = plan
        self.heartbeat = heartbeat
        self.ttl = ttl
    }

    /// Whether its driver gave a sign within `ttl`. A heartbeat from the future (the clock was set
    /// back) counts as fresh.
    package func isLive(at now: WallTime) -> Bool {
        (now - heartbeat).seconds <= ttl
    }
}

/// Why a call on the lease or the holds was refused.
package enum DrainRefusal: Error, Hashable, Sendable {
    /// The release goes on elsewhere with a higher epoch.
    case lowerEpoch(given: Int, current: Int)
    /// The lock is somebody else's.
    case leaseHeld(by: String)
    /// A release's hold is removed by force only with its id typed.
    case idNotTyped(owner: String)
    /// … and not while its driver lives.
    case leaseLive(owner: String)
    /// More holds than a host can sensibly have.
    case tooManyHolds
}

extension DrainRefusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .lowerEpoch(let given, let current):
            "epoch \(given) is over: the release was taken over with epoch \(current)"
        case .leaseHeld(let release):
            "the lease is held by release \(release)"
        case .idNotTyped(let owner):
            "this hold belongs to a release; to remove it by force, type its id: "
                + "DELETE /drain?owner=\(owner)&confirm=\(owner)"
        case .leaseLive(let owner):
            "the driver of release \(owner) is alive; abort the release instead of removing its hold"
        case .tooManyHolds:
            "there are too many holds already"
        }
    }
}
