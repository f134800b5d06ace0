import Glibc
package import Loop
import YAML

/// Suites that are run against one host after the other: `apitest` of a release.
@EventLoop
package final class HostSuites {
    /// Suites that cannot be run, each with its place.
    package struct Broken: Error, Hashable, Sendable {
        package let problems: [String]
    }

    private let patterns: [String]
    private let authority: String?
    private let secrets = Secrets()
    private var suites: [Suite] = []

    /// - Parameters:
    ///   - patterns: files, or patterns of the shell's kind such as `suites/*.yaml`.
    ///   - authority: for suites that name none.
    package init(_ patterns: [String], authority: String?) {
        self.patterns = patterns
        self.authority = authority
    }

    /// Reads and checks them all; nothing is called.
    /// - Returns: the number of cases.
    package func load() async throws(Broken) -> Int {
        var files: [String] = []
        for pattern in patterns {
            let found = HostSuites.files(pattern)
            guard !found.isEmpty else {
                throw Broken(problems: ["\(pattern): there is no such file"])
            }
            files += found.filter { !files.contains($0) }
        }
        do throws(YAMLError) {
            suites = try await SuiteLoader(secrets: secrets).load(files)
        } catch {
            throw Broken(problems: error.problems.map { secrets.masked($0.description) })
        }
        return suites.reduce(0) { $0 + $1.all.count }
    }

    /// Runs them all against this address, one after the other.
    package func run(_ address: SocketAddress) async -> RunResult {
        let endpoint = Endpoint(address)
        let runner = SuiteRunner(address: endpoint.description) { [authority] own in
            CallClient(endpoint, authority: own ?? authority)
        }
        return await runner.run(suites)
    }

    /// What came of it, as the report has it.
    package func lines(_ result: RunResult) -> [String] {
        TextReport(result, secrets, colour: false).lines
    }

    /// Of the first case that did not pass.
    package func reason(_ result: RunResult) -> String? { result.reason.map(secrets.masked) }

    private static func files(_ pattern: String) -> [String] {
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, 0, nil, &found) == 0 else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { index in
            found.gl_pathv[index].map { String(cString: $0) }
        }
    }
}
