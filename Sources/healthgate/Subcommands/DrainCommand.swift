import ArgumentParser
import Gateway
import Glibc
import Loop
import Release

/// `healthgate drain`: takes this host out.
struct DrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Take this host out of the edges, until undrain; a restart does not undo it.",
        discussion: "Exits 0 done, 2 refused, 3 no answer: then it is not known."
    )

    @Option(help: "Why, for whoever is woken up.")
    var reason: String
    @OptionGroup var hold: HoldOwner
    @OptionGroup var options: AdminOptions

    func run() async throws {
        let owner = try hold.name()
        try await options.exit { [json = options.json, reason] gateway throws(AdminFault) in
            let answer = try await gateway.ask(
                "/drain",
                as: .json,
                method: "PUT",
                body: .members(["owner": .string(owner), "reason": .string(reason)])
            )
            Terminal.say(json ? answer.shown : try await gateway.ask("/drain", as: .text).shown)
            return 0
        }
    }
}

/// `healthgate undrain`: takes one's own hold away.
struct UndrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undrain",
        abstract: "Take one's own hold away; the host stays out while others hold it.",
        discussion: "Exits 0 done, 2 refused, 3 no answer: then it is not known."
    )

    @OptionGroup var hold: HoldOwner
    @Option(help: "The id of the release whose hold is taken away by force.")
    var confirm: String?
    @OptionGroup var options: AdminOptions

    func run() async throws {
        let owner = try hold.name()
        try await options.exit { [json = options.json, confirm] gateway throws(AdminFault) in
            let force = confirm.map { "&confirm=\(queryEncoded($0))" } ?? ""
            let answer = try await gateway.ask(
                "/drain?owner=\(queryEncoded(owner))\(force)",
                as: .json,
                method: "DELETE"
            )
            Terminal.say(json ? answer.shown : try await gateway.ask("/drain", as: .text).shown)
            return 0
        }
    }
}

/// Whose hold it is.
struct HoldOwner: ParsableArguments {
    @Option(help: "Whose hold; else the name of who calls (SUDO_USER, USER).")
    var owner: String?

    func name() throws -> String {
        let user = getenv("SUDO_USER") ?? getenv("USER") ?? getenv("LOGNAME")
        let name = owner ?? user.map { String(cString: $0) }
        guard let name, !name.isEmpty else {
            printError("whose hold it is is not known: give --owner NAME")
            throw ExitCode(64)
        }
        return name
    }
}
