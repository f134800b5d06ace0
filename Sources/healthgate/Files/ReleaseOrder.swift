import Release
import YAML

/// In which order hosts are taken.
struct Order {
    var sites: [String] = []
    var canary: String?
    var pause: PlanConfiguration.Pause = .none

    /// The canary first, then site by site, else as written.
    func sorted(_ hosts: [PlanConfiguration.Host]) -> [PlanConfiguration.Host] {
        let rank = { (host: PlanConfiguration.Host) in
            host.name == canary ? -1 : sites.firstIndex(of: host.site) ?? sites.count
        }
        return hosts.enumerated()
            .sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
            .map(\.element)
    }
}

extension YAMLValue where Value == Order {
    /// Names are compared with those of `hosts`; with sites only if each host tells its own.
    static func order(_ hosts: [HostEntry]) -> YAMLValue {
        let told = hosts.compactMap(\.site)
        let sites = (told.count == hosts.count ? told : []).reduce(into: [String]()) {
            sites,
            site in
            if !sites.contains(site) { sites.append(site) }
        }
        return .section { section in
            let order = Order(
                sites: section.optional(
                    "sites",
                    .list(of: .known("site", among: sites)),
                    default: []
                ),
                canary: section.optional("canary", .known("host", among: hosts.map(\.name))),
                pause: section.optional("pause_after_canary", .pause, default: .none)
            )
            let left = sites.filter { !order.sites.contains($0) }
            if !order.sites.isEmpty, !left.isEmpty {
                section.report.error(
                    "the order leaves out \(left.joined(separator: ", "))",
                    at: section.place(of: "sites")
                )
            }
            if Set(order.sites).count < order.sites.count {
                section.report.error("a site is there twice", at: section.place(of: "sites"))
            }
            if order.pause != .none, section.node("canary") == nil {
                section.report.error(
                    "there is no canary to pause after",
                    at: section.place(of: "pause_after_canary")
                )
            }
            return order
        }
    }
}

extension YAMLValue where Value == PlanConfiguration.Pause {
    /// `ask`, `none` or how long.
    fileprivate static var pause: YAMLValue {
        YAMLValue<Duration>.duration(.zero...Duration.seconds(7 * 86_400))
            .map { time throws(YAMLMismatch) in PlanConfiguration.Pause.wait(time) }
            .or("ask", .ask)
            .or("none", .none)
    }
}

extension YAMLValue where Value == String {
    /// A name that is given elsewhere in the file.
    fileprivate static func known(_ what: String, among names: [String]) -> YAMLValue {
        name.map { text throws(YAMLMismatch) in
            guard names.isEmpty || names.contains(text) else {
                throw YAMLMismatch(
                    "there is no \(what) \(quoted(text))\(suggestion(for: text, among: names))"
                )
            }
            return text
        }
    }
}
