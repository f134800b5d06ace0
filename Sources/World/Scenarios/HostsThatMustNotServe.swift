import Loop

extension Scenario {
    /// A host that is not whole never gets one user's request.
    static let hostsThatMustNotServe = [
        notWhole(
            "gateway-alone",
            "a sidecar and a gateway without apps",
            "* --fault never-healthy"
        ),
        notWhole("one-of-two-apps", "one of two apps", "app2 --fault never-healthy"),
        notWhole(
            "not-serving",
            "an app that listens and says NOT_SERVING",
            "app1 --fault not-serving"
        ),
        notWhole("hanging", "an app that hangs", "app2 --fault hang"),
        wrongSidecar(
            "wrong-route",
            "all apps up, but one's route leads to another app"
        ) { _ in ("route: { cluster: app2, ", "route: { cluster: app1, ") },
        wrongSidecar(
            "wrong-cluster",
            "all apps up, but one's cluster leads nowhere"
        ) { host in
            let port = host.appAddress("app2").split(separator: ":").last ?? ""
            return ("port_value: \(port)", "port_value: 9")
        },
        Scenario(
            "sidecar-alone",
            "a sidecar that is up alone gets not one user's request"
        ) { stage in
            try await stage.begin()
            try await watchOut(stage) { control in
                try await control.stop()
                try await control.startProxy()
                control.kill("healthgate")
            }
        },
    ]

    /// east-1 is taken out and comes back at a version with a fault in one app or in both.
    private static func notWhole(_ name: String, _ words: String, _ fault: String) -> Scenario {
        Scenario(
            name,
            "\(words): not one user's request",
            { $0.world.versions["v2"] = fault }
        ) { stage in
            try await stage.begin()
            try await watchOut(stage) { control in
                try control.pull("v2")
                try await control.stop()
                try await control.startProxy()
                try await control.startApps("v2")
            }
        }
    }

    /// east-1 comes back with a fault in its sidecar's config.
    private static func wrongSidecar(
        _ name: String,
        _ words: String,
        change: @escaping @Sendable (WorldHost) -> (right: String, wrong: String)
    ) -> Scenario {
        Scenario(name, "\(words): not one user's request") { stage in
            try await stage.begin()
            let host = try stage.layout.host("east-1")
            try await watchOut(stage) { control in
                var config = try Template(file: host.sidecarConfig)
                let (right, wrong) = change(host)
                try config.replace(right, by: wrong)
                try await control.stop()
                try config.write(to: host.sidecarConfig)
                try await control.startProxy()
                try await control.startApps("v1")
            }
        }
    }

    /// Stops east-1 behind the Front's back, as a crash would; once the Front has seen it, nothing
    /// may be sent there any more, for as long as an early yes would take to show.
    @EventLoop
    private static func watchOut(
        _ stage: Stage,
        _ body: @EventLoop (HostControl) async throws -> Void
    ) async throws {
        let host = try stage.layout.host("east-1")
        try await stage.control(host.name).stop(grace: .zero)
        try await stage.expectServing(["east-2", "west-1", "west-2"])
        try await stage.expectSilence(of: host.name) {
            try await body(try stage.control(host.name))
            try await EventLoop.sleep(for: .seconds(6))
        }
        _ = try await stage.endLoad()
    }
}
