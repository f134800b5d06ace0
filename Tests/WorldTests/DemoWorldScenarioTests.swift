import Loop
import Testing
import World

/// One scenario for each way in which hosts, gateways, versions and worlds fail, each in a world of its
/// own, one at a time, by the command that `make scenarios` runs. That plays all of them, and takes
/// longer than a test may.
@EventLoop @Suite(.serialized, .timeLimit(.minutes(5)))
struct `A release in a world that fails` {
    @Test(arguments: [
        "wrong-route", "cold-starts", "many-edges", "gateway-killed-drained",
        "all-gateways-crash-looping", "gateway-frozen", "disk-full", "state-unreadable", "reload",
        "never-healthy", "stream-outlives-drain", "host-dies", "database-gone", "wrong-answer",
        "broken-suite", "last-peers-down",
        "last-peers-sick",
        "driver-killed-then-abort", "secured",
    ])
    func `ends as it must`(name: String) async throws {
        let demo = try Programs.find().demo
        let output = try await Subprocess.run(
            [demo, "scenarios", name],
            until: .now + .seconds(240)
        )
        #expect(output.exit == .code(0), "\(output.output)")
    }
}
