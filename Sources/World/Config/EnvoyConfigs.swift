/// The world's Envoy configs: the repository's own `envoy/front.yaml` and `envoy/sidecar.yaml` with
/// this world's addresses in them, so that the demo runs what users are told to copy.
package struct EnvoyConfigs: Sendable {
    /// The folder with `front.yaml` and `sidecar.yaml`.
    package let folder: String

    package init(folder: String) { self.folder = folder }

    package func front(
        _ front: WorldFront,
        withEnvoyDefaults: Bool = false,
        idleCheckInterval: String? = nil
    ) throws(WorldError) -> Template {
        let layout = front.layout
        var template = try Template(file: "\(folder)/front.yaml")
        try template.replace(all: [
            ("address: 127.0.0.1,", "address: \(front.ip),"),
            ("port_value: 8080", "port_value: \(layout.port(8080))"),
            ("port_value: 9901", "port_value: \(layout.port(9901))"),
            ("port_value: 10000", "port_value: \(layout.port(10000))"),
            ("edge-east", front.name),
            ("/tmp/healthgate-front-access.jsonl", front.accessLog),
            ("/tmp/healthgate-front-health.jsonl", front.healthLog),
        ])
        if withEnvoyDefaults { try Self.takeDefaults(&template) }
        if let idleCheckInterval {
            try template.replace(
                "no_traffic_interval: 1s",
                by: "no_traffic_interval: \(idleCheckInterval)"
            )
        }
        return template
    }

    /// Panic at 50 %, one second's merge window, checks every 5 s: what a Front has when nobody
    /// thought of releases. Only `no_traffic_interval` stays, or an idle app would take a minute.
    private static func takeDefaults(_ template: inout Template) throws(WorldError) {
        try template.replace(all: [
            ("healthy_panic_threshold: { value: 1 }", "healthy_panic_threshold: { value: 50 }"),
            ("update_merge_window: 0s", "update_merge_window: 1s"),
            ("- interval: 1s", "- interval: 5s"),
            ("healthy_threshold: 2", "healthy_threshold: 3"),
        ])
    }

    package func sidecar(_ host: WorldHost) throws(WorldError) -> Template {
        let layout = host.layout
        var template = try Template(file: "\(folder)/sidecar.yaml")
        try template.replace(all: [
            ("127.0.1.1", host.ip), ("east-1", host.name),
            ("port_value: 10000", "port_value: \(layout.port(10000))"),
            ("port_value: 9901", "port_value: \(layout.port(9901))"),
            ("port_value: 9980", "port_value: \(layout.port(9980))"),
            ("port_value: 9001", "port_value: \(layout.port(9001))"),
            ("port_value: 9002", "port_value: \(layout.port(9002))"),
            ("port_value: 15432", "port_value: \(layout.port(15432))"),
            ("port_value: 5432", "port_value: \(layout.port(5432))"),
        ])
        return template
    }
}
