package import Loop
import Suites

/// Calls nearly every API of the host before users reach it, at the host's own address.
@EventLoop
package struct APITestStep: Step {
    package let name = StepName.apitest

    package init() {}

    package func run(
        _ host: HostPassage,
        in session: ReleaseSession
    ) async throws -> StepResult {
        guard let suites = session.world.suites else {
            return .skipped("no API tests are configured")
        }
        try await session.requireOut(host)
        let ticker = session.world.tick("the API tests", host: host.name, name)
        defer { ticker.cancel() }
        let result = await suites.run(host.host.address)
        try await session.requireOut(host)
        let counts = "\(result.count(.pass)) of \(result.total) cases passed"
        guard result.verdict == .pass else {
            let word =
                result.verdict == .fail ? "the API tests failed" : "the API tests are inconclusive"
            throw StepFailure(
                "\(word) on \(host.name): \(suites.reason(result) ?? counts)",
                evidence: suites.lines(result)
            )
        }
        return .done(counts)
    }
}
