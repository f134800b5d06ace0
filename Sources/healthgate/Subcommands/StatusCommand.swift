import ArgumentParser
import Loop
import Release

/// `healthgate status`: the status page in a terminal.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tell what the edges are told of this host, why, and since when.",
        discussion: "Exits 0 up, 1 degraded, 2 down or drained, 3 starting or no answer."
    )

    @OptionGroup var options: AdminOptions
    @Flag(help: "Go on: on a terminal drawn again each second, else a line for each change.")
    var watch = false

    func run() async throws {
        try await options.exit { [json = options.json, watch] gateway throws(AdminFault) in
            if watch { return await StatusWatch(gateway: gateway, json: json).run() }
            let page = try await gateway.ask(json ? "/status" : "/", as: json ? .json : .text)
            Terminal.say(page.shown)
            return page.verdictCode
        }
    }
}

/// `healthgate explain`: the decision tree.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell how the verdict comes about, check by check.",
        discussion: "Exits by the host's verdict as status does."
    )

    @Argument(help: "One app or check alone.")
    var name: String?
    @OptionGroup var options: AdminOptions

    func run() async throws {
        try await options.exit { [json = options.json, name] gateway throws(AdminFault) in
            let path = "/explain" + (name.map { "?name=\(queryEncoded($0))" } ?? "")
            let tree = try await gateway.ask(path, as: json ? .json : .text)
            Terminal.say(tree.shown)
            return tree.verdictCode
        }
    }
}

/// `healthgate healthcheck`: for a container's own check of itself.
struct HealthcheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck",
        abstract: "Whether the gateway answers, for HEALTHCHECK in a container.",
        discussion: """
            Exits 0 or 1. An app that is down is no reason to restart the gateway; with --ready it \
            counts all the same.
            """
    )

    @Flag(help: "Also exit 1 when the edges get 503.")
    var ready = false
    @OptionGroup var options: AdminOptions

    func run() async throws {
        try await options.exit { [json = options.json, ready] gateway throws(AdminFault) in
            do throws(AdminFault) {
                let page = try await gateway.ask(json ? "/status" : "/", as: json ? .json : .text)
                let first = page.shown.prefix { $0 != "\n" }
                Terminal.say(String(first))
                return !ready || page.verdictCode < 2 ? 0 : 1
            } catch {
                throw AdminFault(code: 1, message: error.message)
            }
        }
    }
}
