import Loop

extension Scenario {
    /// The gateways' admin ports are not open to everybody.
    static let securedWorlds = [
        Scenario(
            "secured",
            "admin ports that want a certificate and a token: a driver that lacks either is told so and "
                + "changes nothing, and one with both releases and loses nothing",
            { $0.world.isSecured = true }
        ) { stage in
            try await stage.begin()
            try stage.writePlan { $0.showsCertificate = false }
            try await refuses(stage, "certificate required: give cert and key under tls")
            try stage.writePlan { $0.tokenFile = $0.layout.authorities }
            try await refuses(stage, "the gateway answers 403: reading needs the token for it")
            for host in stage.hostNames {
                let state = try await stage.gateway(host).status()
                stage.expect(state.verdict == "up" && state.holds.isEmpty, "\(host): \(state)")
            }
            try stage.writePlan()
            try await stage.expectExit(try stage.release(), 0)
            try stage.expectVersions([
                "west-1": "v2", "west-2": "v2", "east-1": "v2", "east-2": "v2",
            ])
            try await stage.expectServing(stage.hostNames)
            try await stage.expectNothingLost()
        }
    ]

    @EventLoop
    private static func refuses(_ stage: Stage, _ words: String) async throws {
        let driver = try stage.release()
        try await stage.expectExit(driver, 2)
        stage.expect(driver.text.contains(words), "the driver did not say \"\(words)\"")
        stage.expect(driver.text.contains("nothing was changed"), "it does not say: unchanged")
    }
}
