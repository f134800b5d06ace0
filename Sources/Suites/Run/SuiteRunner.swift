package import Loop

/// Runs suites against one server.
@EventLoop
package struct SuiteRunner {
    /// Which cases of the suites are run.
    package struct Selection: Sendable {
        /// A case has one of these; empty: any.
        package var tags: Set<String> = []
        /// And none of these.
        package var without: Set<String> = []

        package init(tags: Set<String> = [], without: Set<String> = []) {
            (self.tags, self.without) = (tags, without)
        }

        package func contains(_ test: Case) -> Bool {
            (tags.isEmpty || !tags.isDisjoint(with: test.tags))
                && without.isDisjoint(with: test.tags)
        }
    }

    private let address: String
    private let makeClient: (_ authority: String?) -> CallClient
    private let selection: Selection
    /// Suites that run at one time.
    private let parallel: Int

    /// - Parameter makeClient: takes the authority that a suite names.
    package init(
        address: String,
        selection: Selection = Selection(),
        parallel: Int = 1,
        makeClient: @escaping (_ authority: String?) -> CallClient
    ) {
        self.address = address
        self.selection = selection
        self.parallel = max(parallel, 1)
        self.makeClient = makeClient
    }

    /// - Parameter onResult: told as each suite ends.
    package func run(
        _ suites: [Suite],
        onResult: @escaping @EventLoop (SuiteResult) -> Void = { _ in }
    ) async -> RunResult {
        let began = Instant.now
        let chosen = suites.filter { $0.cases.contains(where: selection.contains) }
        var results: [Int: SuiteResult] = [:]
        await withTaskGroup(of: (Int, SuiteResult).self) { group in
            var waiting = Array(chosen.enumerated()).makeIterator()
            func begin() {
                guard let (index, suite) = waiting.next() else { return }
                group.addTask { (index, await run(suite)) }
            }
            for _ in 0..<parallel { begin() }
            for await (index, result) in group {
                results[index] = result
                onResult(result)
                begin()
            }
        }
        var whole = RunResult(address: address)
        whole.suites = chosen.indices.compactMap { results[$0] }
        whole.took = began.duration(to: .now)
        return whole
    }

    private func run(_ suite: Suite) async -> SuiteResult {
        let client = makeClient(suite.authority)
        defer { client.close() }
        let began = Instant.now
        let runner = CaseRunner(client: client, suite: suite)
        var variables = suite.variables
        var result = SuiteResult(
            name: suite.name,
            service: suite.service.fullName,
            place: suite.place
        )
        var isReady = true
        for test in suite.setup {
            let done = isReady ? await runner.run(test, &variables) : .skipped(test, Self.unready)
            if done.verdict != .pass { isReady = false }
            result.cases.append(done)
        }
        for test in suite.cases where selection.contains(test) {
            let done = isReady ? await runner.run(test, &variables) : .skipped(test, Self.unready)
            result.cases.append(done)
        }
        for test in suite.teardown { result.cases.append(await runner.run(test, &variables)) }
        result.took = began.duration(to: .now)
        return result
    }

    private static let unready = "the setup did not pass"
}
