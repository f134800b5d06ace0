/// What one Front says about our hosts at one moment.
package struct FrontView: Hashable, Sendable {
    package var name: String
    /// Only the clusters that hold hosts of the plan.
    package var clusters: [ClusterView]
    /// Seconds since this Front's process started, where it says so: a smaller number than before
    /// is a restart, which a counter still at zero cannot show.
    package var uptime: Int?

    package init(name: String, clusters: [ClusterView], uptime: Int? = nil) {
        self.name = name
        self.clusters = clusters
        self.uptime = uptime
    }

    /// The host in each cluster that holds it, by the cluster's name.
    package func places(of address: String) -> [String: HostView] {
        var places: [String: HostView] = [:]
        for cluster in clusters {
            if let host = cluster.host(at: address) { places[cluster.name] = host }
        }
        return places
    }
}

/// A look at a Front: what it said, or why nothing is known. A Front that is unknown shows a host
/// neither in nor out.
package enum FrontReading: Hashable, Sendable {
    case seen(FrontView)
    case unknown(front: String, why: String)

    package var name: String {
        switch self {
        case .seen(let view): view.name
        case .unknown(let front, _): front
        }
    }

    package var view: FrontView? {
        if case .seen(let view) = self { view } else { nil }
    }
}

/// A look at every Front, in the order of the plan.
package struct FleetView: Hashable, Sendable {
    package var fronts: [FrontReading]

    package init(_ fronts: [FrontReading]) {
        self.fronts = fronts
    }

    package var views: [FrontView] { fronts.compactMap(\.view) }

    /// The Fronts that did not answer, with why.
    package var unknown: [String] {
        fronts.compactMap {
            if case .unknown(let front, let why) = $0 { "\(front): \(why)" } else { nil }
        }
    }

    /// Whether each Front that answers shows the host serving in each cluster that holds it; nil
    /// when none that answers holds it.
    package func serves(_ address: String) -> Bool? {
        let places = views.flatMap { $0.places(of: address).values }
        return places.isEmpty ? nil : places.allSatisfy(\.serves)
    }

    /// Where the host does not serve, in words: "app1 at edge-east (failed_active_health_check)".
    package func faults(of address: String) -> [String] {
        views.flatMap { view in
            view.places(of: address).sorted { $0.key < $1.key }
                .filter { !$0.value.serves }
                .map {
                    "\($0.key) at \(view.name) (\($0.value.flags.words.joined(separator: ", ")))"
                }
        }
    }
}
