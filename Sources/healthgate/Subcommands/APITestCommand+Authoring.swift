import ArgumentParser
import Gateway
import Loop
import Suites
import YAML

extension APITestCommand {
    struct Coverage: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say which methods, fields, enum values and errors the suites reach.",
            discussion: """
                By what the suites call and test, without a server. Exits 0, or 1 where fewer methods \
                than --min have a case.
                """
        )

        @OptionGroup var files: Files

        @Option(
            help: ArgumentHelp(
                "The least share of methods with a case, in percent.",
                valueName: "percent"
            )
        )
        var min: Double?

        @Option(help: ArgumentHelp("A list of {method, owner, reason, until}.", valueName: "file"))
        var waivers: String?

        @Flag(help: "List what is not tested.")
        var verbose = false

        func run() async throws {
            let (suites, _) = try await files.load()
            var waived: [Waiver] = []
            if let waivers {
                let bytes = try await readFile(waivers)
                do throws(YAMLError) {
                    let root = try YAMLDocument.parse(bytes, file: waivers)
                    waived = try Waiver.read(
                        root,
                        today: String(WallTime.now.description.prefix(10))
                    )
                } catch {
                    printError(error.description)
                    throw ExitCode(64)
                }
            }
            let coverage = Suites.Coverage(suites, waivers: waived)
            for line in CoverageText(coverage, isVerbose: verbose).lines { print(line) }
            if let min, coverage.share * 100 < min {
                printError("fewer than \(min)% of the methods have a case")
                throw ExitCode(1)
            }
        }
    }

    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a suite to begin with: one case for each method of a .proto."
        )

        @Argument(help: "The .proto.")
        var proto: String

        @Option(
            help: ArgumentHelp("Where its imports are; may be given again.", valueName: "folder")
        )
        var importPath: [String] = []

        func run() async throws {
            do {
                let files = try ProtoFiles.load(proto, importPaths: importPath)
                let schema = try Suites.Schema(files)
                // A file stands behind those that it imports.
                guard let file = files.last else { return }
                let names = file.services.map {
                    file.package.isEmpty ? $0.name : "\(file.package).\($0.name)"
                }
                let own = schema.services.filter { names.contains($0.fullName) }
                guard !own.isEmpty else {
                    printError("\(file.name) has no service")
                    throw ExitCode(64)
                }
                for service in own {
                    for line in Skeleton(service, in: schema, proto: proto).lines { print(line) }
                }
            } catch let error as ProtoProblems {
                printError(error.description)
                throw ExitCode(64)
            } catch let error as SchemaError {
                printError("\(error)")
                throw ExitCode(64)
            }
        }
    }

    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a JSON Schema of suite files, for editors."
        )

        func run() { print(EditorSchema.text) }
    }
}
