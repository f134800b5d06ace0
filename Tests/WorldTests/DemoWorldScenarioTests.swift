import Loop
import Testing
import World

/// Every scenario in a world of its own, one at a time, by the command that `make scenarios` runs.
@EventLoop @Suite(.serialized, .timeLimit(.minutes(10)))
struct `A release in a world that fails` {
    @Test(arguments: Scenario.all.map(\.name))
    func `ends as it must`(name: String) async throws {
        let demo = try Programs.find().demo
        let output = try await Subprocess.run(
            [demo, "scenarios", name],
            until: .now + .seconds(400)
        )
        #expect(output.exit == .code(0), "\(output.output)")
    }
}
