/// Envoy's reckoning of who gets traffic in one cluster: shares of serving hosts by priority, and
/// panic, with hosts taken out in thought.
///
/// A host that fails with the immediate header leaves the denominator ("excluded"); one that
/// merely fails does not. Panic is strictly below the threshold, and is only looked at while the
/// priorities together cannot carry everything.
package struct LoadBalance: Hashable, Sendable {
    private struct Level: Hashable, Sendable {
        var hosts = 0
        var serving = 0
        var excluded = 0

        var share: Double {
            let counted = hosts - excluded
            return counted > 0 ? Double(serving) / Double(counted) : 0
        }
    }

    private var levels: [Int: Level] = [:]
    private let settings: ClusterSettings

    /// - Parameters:
    ///   - drained: out by plan: excluded, if the checks are such that Envoy heeds the header.
    ///   - lost: fails without a word.
    package init(
        _ cluster: ClusterView,
        _ settings: ClusterSettings,
        drained: String? = nil,
        lost: String? = nil
    ) {
        self.settings = settings
        let heedsHeader = settings.checks.allSatisfy(\.isHTTP)
        for host in cluster.hosts {
            var level = levels[host.priority, default: Level()]
            level.hosts += 1
            if host.address == drained {
                if heedsHeader { level.excluded += 1 }
            } else if host.flags.contains(.excluded) {
                level.excluded += 1
            } else if host.serves, host.address != lost {
                level.serving += 1
            }
            levels[host.priority] = level
        }
    }

    package var serving: Int { levels.values.reduce(0) { $0 + $1.serving } }

    /// The priorities in panic: their hosts all get traffic, the failed and drained ones too.
    package var panicking: Set<Int> {
        let factor = settings.overprovisioning / 100
        let carried = levels.values.reduce(0.0) { $0 + min(1, factor * $1.share) }
        if carried >= 1 { return [] }
        return Set(levels.filter { $0.value.share * 100 < settings.panicThreshold }.keys)
    }
}
