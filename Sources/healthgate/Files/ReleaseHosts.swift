import Loop
import Release
import YAML

extension YAMLValue where Value == [PlanConfiguration.Front] {
    static var fronts: YAMLValue {
        YAMLValue { node, report in
            let list = YAMLValue<[YAMLPlaced<PlanConfiguration.Front>]>
                .list(of: YAMLValue<PlanConfiguration.Front>.front.placed, atLeast: 1)
            guard let fronts = list.read(node, report) else { return nil }
            for (index, front) in fronts.enumerated() {
                let before = fronts[..<index].map(\.value)
                if before.contains(where: { $0.name == front.value.name }) {
                    report.error("two fronts are called \(front.value.name)", at: front.place)
                }
                let place = front.value.admin.place
                if before.contains(where: { $0.admin.place == place }) {
                    report.error("two fronts have the admin \(place)", at: front.place)
                }
            }
            return fronts.map(\.value)
        }
    }
}

extension YAMLValue where Value == PlanConfiguration.Front {
    fileprivate static var front: YAMLValue {
        .section { section in
            let name = section.required("name", .identifier)
            let admin = section.admin("admin")
            let clusters = section.optional("clusters", .list(of: .name, atLeast: 1))
            guard let name, let admin else { return nil }
            return PlanConfiguration.Front(name: name, admin: admin, clusters: clusters)
        }
    }
}

/// A host as far as it could be read: its name and site are compared with the rest of the plan
/// even if something else about it is wrong.
struct HostEntry {
    let name: String
    let site: String?
    let host: PlanConfiguration.Host?
}

extension YAMLValue where Value == [HostEntry] {
    /// `runtime` is nil if it was wrong.
    static func hosts(_ runtime: CommandRuntime?) -> YAMLValue {
        YAMLValue { node, report in
            let mapping = YAMLValue<[YAMLNamed<HostEntry>]>.entries { name, place in
                .host(name, place, runtime)
            }
            guard let hosts = mapping.read(node, report) else { return nil }
            if hosts.isEmpty { report.error("must not be empty", at: node.place) }
            for (index, entry) in hosts.enumerated() {
                for other in hosts[..<index] {
                    refuseSame(entry, other, as: { $0.address.description }, "address", report)
                    refuseSame(entry, other, as: { $0.gateway.place }, "gateway", report)
                }
            }
            return hosts.map(\.value)
        }
    }

    private static func refuseSame(
        _ entry: YAMLNamed<HostEntry>,
        _ other: YAMLNamed<HostEntry>,
        as text: (PlanConfiguration.Host) -> String,
        _ what: String,
        _ report: YAMLReport
    ) {
        guard let value = entry.value.host.map(text), value == other.value.host.map(text) else {
            return
        }
        report.error("\(other.name) has the \(what) \(value) too", at: entry.place)
    }
}

extension YAMLValue where Value == HostEntry {
    fileprivate static func host(
        _ name: String,
        _ place: YAMLPlace,
        _ runtime: CommandRuntime?
    ) -> YAMLValue {
        .section { section in
            do throws(YAMLMismatch) {
                try checkIdentifier(name)
            } catch {
                section.report.error(error.message, at: place)
            }
            section.refuse("docker", "Docker is not in this build: use runtime: command")
            let site = section.required("site", .identifier)
            let address = section.required("address", .hostAddress)
            let gateway = section.admin("gateway")
            let own = section.optional("command", .partialCommands, default: PartialCommands())
            let commands = runtime.flatMap { runtime in
                runtime.commands.overridden(by: own)
                    .complete(host: name, site: site, address: address?.description, section)
            }
            guard let site, let address, let gateway, let commands else {
                return HostEntry(name: name, site: site, host: nil)
            }
            let host = PlanConfiguration.Host(
                name: name,
                site: site,
                address: address,
                gateway: gateway,
                commands: commands
            )
            return HostEntry(name: name, site: site, host: host)
        }
    }
}

extension YAMLValue where Value == SocketAddress {
    /// As the Fronts show it: an IP with its port.
    fileprivate static var hostAddress: YAMLValue {
        socketAddress.map { address throws(YAMLMismatch) in
            guard let port = address.port, port > 0 else {
                throw YAMLMismatch("must be an IP with its port, as the Fronts show it")
            }
            return address
        }
    }
}
