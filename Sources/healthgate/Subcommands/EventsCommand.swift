import ArgumentParser
import Loop
import Release

/// `healthgate history`: the last changes.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Print the last changes, the oldest first.",
        discussion: "Exits 0, or 3 without an answer."
    )

    @OptionGroup var options: AdminOptions

    func run() async throws { try await HistoryCommand.print(options) }

    static func print(_ options: AdminOptions) async throws {
        try await options.exit { [json = options.json] gateway throws(AdminFault) in
            let history = try await gateway.ask("/history", as: json ? .json : .text).shown
            if !history.isEmpty { Terminal.say(history) }
            return 0
        }
    }
}

/// `healthgate events`: the changes as they come.
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Print the last changes, or with --follow each as it comes.",
        discussion: "Following goes on through restarts of the gateway, and says so."
    )

    @Flag(help: "Print each change as it comes, until interrupted.")
    var follow = false
    @OptionGroup var options: AdminOptions

    func run() async throws {
        guard follow else { return try await HistoryCommand.print(options) }
        try await options.exit { [json = options.json] gateway throws(AdminFault) in
            await EventFollower(gateway: gateway, json: json).run()
        }
    }
}
