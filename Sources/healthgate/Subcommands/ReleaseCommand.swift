import ArgumentParser
import Loop
import Release
import YAML

/// `healthgate release`: rolls a version over the hosts of a plan.
struct ReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Roll a version over the hosts, one by one, and stop at the first fault.",
        discussion: """
            Exits 0 done, 1 a host failed and the others serve, 2 refused and nothing changed, \
            3 the lock is held, 4 interrupted or aborted, 5 failed and too few hosts serve, \
            6 waiting for approval, 64 wrong usage or plan.
            """,
        subcommands: [Plan.self, Run.self, Status.self, Resume.self, Abort.self]
    )

    /// The plan that every subcommand reads.
    struct PlanFile: ParsableArguments {
        @Argument(help: "The plan.")
        var file = "release.yaml"

        func tool() async throws -> ReleaseTool {
            let bytes = try await readFile(file)
            do throws(YAMLError) {
                let plan = try ReleaseFile.read(bytes, file: file)
                for warning in plan.warnings {
                    printError("\(warning.place): warning: \(warning.message)")
                }
                return await ReleaseTool(plan.value, file: file)
            } catch {
                printError(error.description)
                throw ExitCode(64)
            }
        }

        /// Runs `body` on the loop, and ends with the exit code that it gives.
        func exit(_ body: @escaping @EventLoop @Sendable (ReleaseTool) async -> Int32) async throws
        {
            let tool = try await tool()
            throw ExitCode(try await EventLoop.task { await body(tool) }.value)
        }
    }

    struct Plan: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print what a release would do; change nothing."
        )

        @OptionGroup var plan: PlanFile
        @Option(help: "The version to release.")
        var version: String?

        func run() async throws {
            try await plan.exit { [version] in await $0.plan(version: version) }
        }
    }

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Release a version.")

        @OptionGroup var plan: PlanFile
        @Option(help: "The version to release.")
        var version: String
        @Flag(help: "Approve the canary beforehand.")
        var yes = false

        func run() async throws {
            try await plan.exit { [version, yes] in await $0.run(version: version, approved: yes) }
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell where a release stands; change nothing."
        )

        @OptionGroup var plan: PlanFile

        func run() async throws {
            try await plan.exit { await $0.status() }
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Go on with a release whose driver ended, from anywhere."
        )

        @OptionGroup var plan: PlanFile
        @Flag(help: "Approve the canary beforehand.")
        var yes = false

        func run() async throws {
            try await plan.exit { [yes] in await $0.resume(approved: yes) }
        }
    }

    struct Abort: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a release: bring the host that is out to its known failed state."
        )

        @OptionGroup var plan: PlanFile

        func run() async throws {
            try await plan.exit { await $0.abort() }
        }
    }
}
