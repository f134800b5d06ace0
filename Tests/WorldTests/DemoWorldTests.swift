import Loop
import Testing
import World

/// Whole releases over a whole world, by the command a person types. One at a time, the machine is
/// small; what must fail comes first, for it may share the machine with other suites.
@EventLoop @Suite(.serialized, .timeLimit(.minutes(15)))
struct `A release over four hosts behind a real Envoy, under load` {
    private struct End {
        let exit: Subprocess.Exit
        let text: String
        var lastLine: String { text.split(separator: "\n").last.map(String.init) ?? "" }

        /// The number before these words in the last line.
        func count(_ words: String) -> Int? {
            guard let place = lastLine.firstRange(of: " " + words) else { return nil }
            return lastLine[..<place.lowerBound].split(separator: " ").last.flatMap { Int($0) }
        }
    }

    private func run(_ variant: DemoRun.Variant, _ more: [String] = []) async throws -> End {
        let demo = try Programs.find().demo
        let output = try await Subprocess.run(
            [demo, "run", "--no-terminal", "--any-lag", "--variant", variant.rawValue] + more,
            until: .now + .seconds(300)
        )
        return End(exit: output.exit, text: output.output)
    }

    @Test func `fails and says how many calls when hosts are just restarted`() async throws {
        let end = try await run(.naive)
        #expect(end.exit == .code(1), "\(end.text)")
        #expect(try #require(end.count("failed;")) > 0, "\(end.text)")
    }

    @Test func `fails and says how many streams when the driver proves no silence`() async throws {
        let end = try await run(.noSilence)
        #expect(end.exit == .code(1), "\(end.text)")
        #expect(try #require(end.count("cut")) > 0, "\(end.text)")
    }

    @Test func `fails and says how many calls when a gateway says 200 too early`() async throws {
        let end = try await run(.earlyYes)
        #expect(end.exit == .code(1), "\(end.text)")
        #expect(try #require(end.count("failed;")) > 0, "\(end.text)")
    }

    @Test(arguments: [(DemoRun.Variant.careful, 1), (.careful, 2), (.frontDefaults, 1)])
    func `loses nothing`(variant: DemoRun.Variant, fronts: Int) async throws {
        let end = try await run(variant, ["--fronts", "\(fronts)"])
        #expect(end.exit == .code(0), "\(end.text)")
        #expect(end.lastLine.hasPrefix("released v2 on 4 of 4 hosts: "), "\(end.text)")
        #expect(end.lastLine.hasSuffix(" streams, 0 cut"), "\(end.text)")
        #expect(try #require(end.count("failed;")) == 0, "\(end.text)")
    }
}
