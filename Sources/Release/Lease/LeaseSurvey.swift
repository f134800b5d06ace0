/// What every gateway of the plan says about the lease, and what follows from it.
package struct LeaseSurvey: Hashable, Sendable {
    package enum Answer: Hashable, Sendable {
        case free
        case held(Lease)
        case unreachable(String)
    }

    package let answers: [String: Answer]

    package init(_ answers: [String: Answer]) {
        self.answers = answers
    }

    package var leases: [Lease] {
        answers.values.compactMap { if case .held(let lease) = $0 { lease } else { nil } }
    }

    package var unreachable: [String] {
        answers.sorted { $0.key < $1.key }.compactMap { host, answer in
            if case .unreachable(let why) = answer { "\(host): \(why)" } else { nil }
        }
    }

    /// The lease with the highest epoch; of equals a live one.
    package var leading: Lease? {
        leases.max { ($0.epoch, $0.live == true ? 1 : 0) < ($1.epoch, $1.live == true ? 1 : 0) }
    }

    package enum Start: Hashable, Sendable {
        case free(highest: Int)
        case held(Lease)
        case unreachable([String])
    }

    /// Whether a new release may begin: it needs every gateway.
    ///
    /// A lease that is not live still stands for a release that has not ended. One that lies on a
    /// few gateways only, while most are free, was left on a host that was down when it ended.
    package var start: Start {
        let left = leases.filter { $0.live == true || 2 * count(of: $0.release) >= answers.count }
        if let lease = left.max(by: { $0.epoch < $1.epoch }) { return .held(lease) }
        let unreachable = unreachable
        return unreachable.isEmpty
            ? .free(highest: leading?.epoch ?? 0) : .unreachable(unreachable)
    }

    package enum Takeover: Hashable, Sendable {
        case of(Lease)
        case nothing
        /// Too few gateways answer to be sure that nobody else holds it.
        case tooFew([String])
    }

    /// Which release `resume` and `abort` take over: a majority must answer, of two hosts one.
    package var takeover: Takeover {
        let reached = answers.count - unreachable.count
        let needed = answers.count <= 2 ? 1 : answers.count / 2 + 1
        if reached < needed { return .tooFew(unreachable) }
        return leading.map(Takeover.of) ?? .nothing
    }

    package enum Confirmation: Hashable, Sendable {
        case ours
        case lost(Lease?)
        case unsure([String])
    }

    /// Whether our lease still stands, asked before anything is destroyed.
    ///
    /// One voice against it is enough to have lost. A takeover needs a majority, so half of the
    /// voices for it are enough to know that there was none. `excused` is the host we took down.
    package func confirms(_ mine: Lease, excused: String? = nil) -> Confirmation {
        var voices = 0
        var free = 0
        for (host, answer) in answers {
            switch answer {
            case .held(let lease) where lease.release == mine.release && lease.epoch == mine.epoch:
                voices += 1
            case .held(let lease) where lease.epoch >= mine.epoch:
                return .lost(lease)
            case .held: break
            case .free: free += 1
            case .unreachable: if host == excused { voices += 1 }
            }
        }
        if 2 * voices >= answers.count { return .ours }
        return 2 * free > answers.count ? .lost(nil) : .unsure(unreachable)
    }

    private func count(of release: String) -> Int {
        leases.count { $0.release == release }
    }
}
