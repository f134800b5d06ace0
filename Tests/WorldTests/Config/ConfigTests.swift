import Loop
import Testing
import World

@Suite struct `The world's configs` {
    private let programs = Result { try Programs.find() }

    private func layout(in directory: String = "/tmp/world") throws -> WorldLayout {
        let programs = try programs.get()
        return WorldLayout(
            directory: directory,
            portOffset: 300,
            fronts: 2,
            envoy: programs.envoy,
            healthgate: programs.healthgate,
            demo: programs.demo
        )
    }

    @Test func `put each host's own address and ports into its sidecar`() throws {
        let envoys = EnvoyConfigs(folder: try programs.get().configs)
        let host = try layout().host("west-2")
        let text = try envoys.sidecar(host).rendered
        #expect(text.contains("address: 127.0.2.2, port_value: 10300"))
        #expect(text.contains("id: west-2"))
        #expect(!text.contains("127.0.1.1"))
        #expect(!text.contains("port_value: 9901"))
    }

    @Test func `give a Front Envoy's defaults when asked`() throws {
        let envoys = EnvoyConfigs(folder: try programs.get().configs)
        let front = try #require(try layout().frontEnvoys.last)
        let text = try envoys.front(front, withEnvoyDefaults: true).rendered
        #expect(text.contains("healthy_panic_threshold: { value: 50 }"))
        #expect(text.contains("update_merge_window: 1s"))
        #expect(text.contains("- interval: 5s"))
        #expect(text.contains("address: 127.0.0.2, port_value: 10201"))
        #expect(text.contains("value: edge-west"))
    }

    @Test(arguments: [false, true])
    func `pass Envoy's own validation`(withDefaults: Bool) async throws {
        let programs = try programs.get()
        let folder = try SmallFiles.makeTemporaryFolder()
        defer { SmallFiles.removeFolder(folder) }
        let envoys = EnvoyConfigs(folder: programs.configs)
        let layout = try layout(in: folder)
        for front in layout.frontEnvoys {
            // Envoy opens its logs even to validate.
            try SmallFiles.makeFolder(front.directory)
            try envoys.front(front, withEnvoyDefaults: withDefaults).write(to: "\(folder)/f.yaml")
            try await validate("\(folder)/f.yaml", by: programs.envoy)
        }
        for host in layout.hosts {
            try envoys.sidecar(host).write(to: "\(folder)/s.yaml")
            try await validate("\(folder)/s.yaml", by: programs.envoy)
        }
    }

    private func validate(_ config: String, by envoy: String) async throws {
        let argv = [envoy, "--mode", "validate", "-c", config, "--log-level", "error"]
        let output = try await EventLoop.task {
            try await Subprocess.run(argv, until: .now + .seconds(30))
        }.value
        #expect(output.exit == .code(0), "\(output.output)")
    }
}
