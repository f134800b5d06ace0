import ArgumentParser
import Glibc
import Loop
import World

struct ScenariosCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenarios",
        abstract:
            "Break releases and hosts in many ways, one world each; exit 0 if all went as it must."
    )

    @Argument(help: "The scenarios to play; all of them when none is named.")
    var names: [String] = []

    @Flag(help: "Only list them.")
    var list = false

    @Option(help: "The Envoy to run; by default .venv/bin/envoy.")
    var envoy: String?

    @Option(help: "Keep each world's logs, configs and state in a folder under this one.")
    var keep: String?

    func validate() throws {
        let known = Scenario.all.map(\.name)
        for name in names where !known.contains(name) {
            throw ValidationError("no scenario \(name); there are \(known.joined(separator: ", "))")
        }
    }

    func run() async throws {
        let chosen = Scenario.all.filter { names.isEmpty || names.contains($0.name) }
        if list {
            for scenario in chosen { print("\(scenario.name): \(scenario.claim)") }
            return
        }
        let programs = try Programs.find(envoy: envoy)
        var failed: [String] = []
        for scenario in chosen {
            let began = ContinuousClock.now
            let folder = keep.map { "\($0)/\(scenario.name)" }
            let problems = try await interruptible {
                try await scenario.play(programs, keep: folder)
            }
            let took = (ContinuousClock.now - began).seconds
            let mark = problems.isEmpty ? "ok  " : "FAIL"
            print("\(mark) \(scenario.name) (\(Int(took)) s): \(scenario.claim)")
            for problem in problems { print("     \(problem)") }
            fflush(nil)
            if !problems.isEmpty { failed.append(scenario.name) }
        }
        print("\(chosen.count - failed.count) of \(chosen.count) scenarios went as they must")
        if !failed.isEmpty { throw ExitCode(1) }
    }
}
