/// One cause for many failing checks: said once, instead of once for each of them.
package enum SharedFault: String, Hashable, Sendable, CaseIterable {
    /// Nothing that goes through the sidecar gets into it.
    case sidecar
    /// No name is found.
    case resolver
    /// Nothing that lies beyond this host answers.
    case network

    /// Fewer checks that fail alike are no sign of a common cause.
    var least: Int { self == .network ? 3 : 2 }

    /// The kind of failure that such a fault brings about. Whoever refuses was reached.
    func explains(_ failure: Outcome.Failure) -> Bool {
        switch self {
        case .sidecar: failure.reason == .sidecarRefused
        case .resolver: failure.reason == .dns
        case .network where failure.reason == .refused: failure.hop == .network
        case .network:
            [.dns, .connectTimeout, .upstreamTimeout, .timeout].contains(failure.reason)
        }
    }
}

extension Check {
    /// What lies between this host and the target.
    package enum Way: Hashable, Sendable {
        /// On this host.
        case local
        /// An app of this host behind the sidecar's ingress.
        case ingress
        /// Something remote behind a listener of the sidecar.
        case sidecar
        /// Something remote, by its address or by a name.
        case network(byName: Bool)
    }

    /// Whether this fault, if there is one, is on the check's way.
    func passes(_ fault: SharedFault) -> Bool {
        switch (fault, way) {
        case (.sidecar, .ingress), (.sidecar, .sidecar): true
        case (.resolver, .network(byName: true)): true
        case (.network, .sidecar), (.network, .network): true
        default: false
        }
    }
}

/// How many checks a fault would reach, and how many of them fail as it would make them.
struct FaultTally: Sendable {
    /// In the order of `SharedFault.allCases`: this is done at each outcome.
    private var counts = SharedFault.allCases.map { (fault: $0, reached: 0, failing: 0) }

    mutating func add(_ record: CheckRecord, _ count: Int = 1) {
        guard record.check.way != .local else { return }
        for index in counts.indices where record.check.passes(counts[index].fault) {
            counts[index].reached += count
            if record.suffers(counts[index].fault) { counts[index].failing += count }
        }
    }

    /// The fault that explains all of its checks; the nearest comes first.
    var fault: SharedFault? {
        counts.first { $0.reached >= $0.fault.least && $0.failing == $0.reached }?.fault
    }

    func reached(by fault: SharedFault) -> Int {
        counts.first { $0.fault == fault }?.reached ?? 0
    }
}

extension CheckRecord {
    func suffers(_ fault: SharedFault) -> Bool {
        guard state == .down, check.passes(fault), let failure = last?.outcome.failure else {
            return false
        }
        return fault.explains(failure)
    }
}

extension HealthBoard {
    /// The one cause of all that fails beyond this host, where there is one.
    package var sharedCause: Cause? {
        guard let fault = faults.fault,
            let first = records.filter({ $0.suffers(fault) }).min(by: { $0.since < $1.since })
        else { return nil }
        return .shared(fault, of: faults.reached(by: fault), first: CheckReport(first))
    }
}
