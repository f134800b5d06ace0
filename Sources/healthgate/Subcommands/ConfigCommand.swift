import ArgumentParser

import Glibc
import Loop

import YAML

/// `healthgate config`: what can be said of a file without running anything.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Look at configuration files.",
        subcommands: [Check.self]
    )

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a gateway or release file.",
            discussion: "Exits 0, or 64 with all that is wrong on standard error."
        )

        @Argument(help: "gateway.yaml or release.yaml; told apart by their keys.")
        var file: String

        func run() async throws {
            let bytes = try await readFile(file)
            do throws(YAMLError) {
                let summary = try FileSummary(bytes, file: file)
                for warning in summary.warnings {
                    printError("\(warning.place): warning: \(warning.message)")
                }
                print("\(file): \(summary.words)")
            } catch {
                printError(error.description)
                throw ExitCode(64)
            }
        }
    }
}

/// A file's bytes for a subcommand; one that cannot be read is told and ends it.
func readFile(_ file: String) async throws -> [UInt8] {
    do {
        let bytes = try await EventLoop.task { try await Files.read(file) }.value
        if let bytes { return bytes }
        printError("\(file): no such file")
    } catch {
        printError("\(file): \(error)")
    }
    throw ExitCode(64)
}

/// A line to standard error.
func printError(_ line: String) {
    var rest = Array((line + "\n").utf8)[...]
    while !rest.isEmpty {
        let written = rest.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        // Nobody is left to be told of an error that cannot be told.
        guard written > 0 || errno == EINTR else { return }
        rest = rest.dropFirst(max(written, 0))
    }
}
