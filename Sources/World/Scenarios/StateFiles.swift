import HTTP
import Loop

extension Scenario {
    /// State files that cannot be used, found by a gateway that starts.
    static let stateFiles = [
        Scenario(
            "state-unreadable",
            "a gateway that finds its state torn, corrupt, from a newer version or deleted keeps its "
                + "host out, and the way out it tells brings the host back"
        ) { stage in
            try await stage.begin()
            // Two at a time: two hosts must serve.
            try await spoil(
                stage,
                [
                    ("east-1", "it is incomplete", { try cut($0) }),
                    ("west-1", "it was written by a newer healthgate", { try renew($0) }),
                ]
            )
            try await spoil(
                stage,
                [
                    ("east-2", "its checksum is wrong", { try alter($0) }),
                    ("west-2", "is gone, though the folder was in use", { SmallFiles.remove($0) }),
                ]
            )
            try await stage.expectNothingLost()
        }
    ]

    private typealias Damage = (host: String, words: String, body: (String) throws -> Void)

    @EventLoop
    private static func spoil(_ stage: Stage, _ damages: [Damage]) async throws {
        let hit = damages.map(\.host)
        let others = stage.hostNames.filter { !hit.contains($0) }
        for host in hit { try stage.control(host).kill("healthgate") }
        try await stage.expectServing(others)
        try await stage.expectSilence(of: hit[0]) {
            try await stage.expectSilence(of: hit[1]) {
                for damage in damages {
                    let host = try stage.layout.host(damage.host)
                    try damage.body("\(host.stateDirectory)/drain.state")
                    try await stage.control(host.name).startProxy()
                }
                // As long as an early yes would take to show.
                try await EventLoop.sleep(for: .seconds(3))
            }
        }
        for damage in damages {
            let host = try stage.layout.host(damage.host)
            let wayOut = try await stage.wayOut(of: host, after: damage.words)
            let answer = try await wayOut.follow()
            stage.expect(answer.status == 200, "\(wayOut.words): \(answer.text)")
        }
        try await stage.expectServing(stage.hostNames)
        for host in hit {
            // Once only: what is on disk now is readable.
            try await stage.control(host).restartGateway()
            let holds = try await stage.gateway(host).status().holds
            stage.expect(holds.isEmpty, "\(host) is held again: \(holds)")
        }
        try await stage.expectServing(stage.hostNames)
    }

    // MARK: Damages

    private static func text(_ file: String) throws -> String {
        guard let text = SmallFiles.read(file), text.hasPrefix("healthgate-state 1 ") else {
            throw WorldError("\(file) is not the state file this scenario knows")
        }
        return text
    }

    private static func cut(_ file: String) throws {
        try SmallFiles.write(String(try text(file).dropLast(5)), to: file)
    }

    private static func renew(_ file: String) throws {
        let rest = try text(file).dropFirst("healthgate-state 1".count)
        try SmallFiles.write("healthgate-state 2\(rest)", to: file)
    }

    private static func alter(_ file: String) throws {
        var template = Template(try text(file))
        try template.replace("\"holds\"", by: "\"holes\"")
        try template.write(to: file)
    }
}
