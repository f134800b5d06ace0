import ArgumentParser
import Loop
import Suites
import YAML

/// `healthgate apitest`: calls a server as suites in YAML say, and compares what comes.
struct APITestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apitest",
        abstract: "Test gRPC services by suites in YAML.",
        discussion: """
            Exits 0 all passed, 1 something failed, 2 inconclusive (nobody answered, or not in time), \
            64 wrong usage or a broken suite, found before any call.
            """,
        subcommands: [Run.self, Check.self, List.self, Coverage.self, New.self, Schema.self]
    )

    /// The suites that a subcommand reads.
    struct Files: ParsableArguments {
        @Argument(help: "The files of suites.")
        var files: [String]

        @Option(
            help: ArgumentHelp("Only cases with this tag; may be given again.", valueName: "tag")
        )
        var tag: [String] = []

        @Option(help: ArgumentHelp("No cases with this tag; may be given again.", valueName: "tag"))
        var skipTag: [String] = []

        var selection: SuiteRunner.Selection { .init(tags: Set(tag), without: Set(skipTag)) }

        /// Ends with 64 where something is wrong with them.
        func load(_ server: Server? = nil) async throws -> (suites: [Suite], secrets: Secrets) {
            let secrets = Secrets()
            let (files, server) = (files, server)
            do {
                let suites = try await EventLoop.task {
                    let loader = SuiteLoader(secrets: secrets, reflect: server.map { $0.reflect })
                    return try await loader.load(files)
                }.value
                return (suites, secrets)
            } catch let error as YAMLError {
                for problem in error.problems { printError(secrets.masked(problem.description)) }
                let count = error.problems.count
                printError("\(count) problem\(count == 1 ? "" : "s") found, nothing was called")
                throw ExitCode(64)
            }
        }
    }

    /// Which server, and how it is reached.
    struct Server: ParsableArguments, Sendable {
        @Option(help: ArgumentHelp("Where the server listens.", valueName: "host:port"))
        var address: String

        @Option(help: "What :authority says, in place of the address, for suites that name none.")
        var authority: String?

        @Flag(help: "Speak TLS; implied by the options that follow.")
        var tls = false

        @Option(
            help: ArgumentHelp(
                "The authorities that the server's certificate must come from.",
                valueName: "file"
            )
        )
        var tlsCa: String?

        @Option(
            help: ArgumentHelp(
                "The name that the server's certificate must be for.",
                valueName: "name"
            )
        )
        var tlsName: String?

        @Option(help: ArgumentHelp("Our own certificate.", valueName: "file"))
        var tlsCert: String?

        @Option(help: ArgumentHelp("The key of our own certificate.", valueName: "file"))
        var tlsKey: String?

        @Flag(help: "Take any certificate.")
        var tlsInsecure = false

        func validate() throws {
            guard Endpoint(address)?.port != nil else {
                throw ValidationError("\"\(address)\" is no address such as 127.0.0.1:50051")
            }
            guard (tlsCert == nil) == (tlsKey == nil) else {
                throw ValidationError("--tls-cert and --tls-key go together")
            }
        }

        private var settings: TLSSettings? {
            let isWanted = tls || tlsInsecure || [tlsCa, tlsName, tlsCert].contains { $0 != nil }
            guard isWanted else { return nil }
            let host = authority ?? Endpoint(address)?.host
            return TLSSettings(
                certificate: tlsCert,
                key: tlsKey,
                authorities: tlsCa,
                serverName: tlsName ?? host,
                verifies: !tlsInsecure
            )
        }

        @EventLoop
        func client(_ own: String? = nil) -> CallClient {
            let endpoint = Endpoint(address) ?? .thisMachine
            return CallClient(
                endpoint,
                authority: own ?? authority,
                tls: settings.map { TLSClient($0) }
            )
        }

        @EventLoop
        func reflect(_ service: String) async throws -> [FileDescriptor] {
            let client = client()
            defer { client.close() }
            return try await ReflectionClient(client).descriptors(
                of: service,
                until: .now + .seconds(10)
            )
        }
    }

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run suites against a server.",
            discussion: "Exits 0 pass, 1 fail, 2 inconclusive, 64 broken suite."
        )

        @OptionGroup var files: Files
        @OptionGroup var server: Server

        @Option(help: "How many suites run at one time.")
        var parallel = 1

        @Option(help: ArgumentHelp("Write JUnit's XML there.", valueName: "file"))
        var junit: String?

        @Option(
            help: ArgumentHelp(
                "Write the evidence as JSON there; - is standard output.",
                valueName: "file"
            )
        )
        var json: String?

        @Flag(help: "List the cases that passed, too.")
        var verbose = false

        func run() async throws {
            let (suites, secrets) = try await files.load(server)
            let (server, selection, parallel) = (server, files.selection, parallel)
            let result = try await EventLoop.task {
                let runner = SuiteRunner(
                    address: server.address,
                    selection: selection,
                    parallel: parallel,
                    makeClient: { server.client($0) }
                )
                return await runner.run(suites)
            }.value
            if let junit { try writeFile(JUnitReport(result, secrets).text, to: junit) }
            if json == "-" {
                print(JSONReport(result, secrets).text, terminator: "")
            } else {
                if let json { try writeFile(JSONReport(result, secrets).text, to: json) }
                let text = TextReport(
                    result,
                    secrets,
                    colour: isTerminal,
                    isVerbose: verbose
                )
                for line in text.lines { print(line) }
            }
            switch result.verdict {
            case .pass: return
            case .fail: throw ExitCode(1)
            case .inconclusive, .skipped: throw ExitCode(2)
            }
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check suites against their schemas; call nothing.",
            discussion: "Exits 0, or 64 with all that is wrong."
        )

        @OptionGroup var files: Files

        func run() async throws {
            let (suites, _) = try await files.load()
            let cases = suites.reduce(0) { $0 + $1.all.count }
            print("\(suites.count) suites with \(cases) cases are right")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the cases.")

        @OptionGroup var files: Files

        func run() async throws {
            let (suites, _) = try await files.load()
            for suite in suites {
                print("\(suite.place.file): \(suite.name) (\(suite.service.fullName))")
                for test in suite.all where files.selection.contains(test) {
                    let tags =
                        test.tags.isEmpty ? "" : "  [\(test.tags.sorted().joined(separator: ", "))]"
                    print(
                        "  \(test.name)  \(test.method.name), \(test.method.kind.rawValue)\(tags)"
                    )
                }
            }
        }
    }
}
