import Loop

/// Something that may happen to a release or to a host, and what must come of it.
package struct Scenario: Sendable {
    package let name: String
    /// What must be true, as a sentence.
    package let claim: String
    let settings: @EventLoop @Sendable (inout Stage.Settings) -> Void
    let body: @EventLoop @Sendable (Stage) async throws -> Void

    init(
        _ name: String,
        _ claim: String,
        _ settings: @escaping @EventLoop @Sendable (inout Stage.Settings) -> Void = { _ in },
        body: @escaping @EventLoop @Sendable (Stage) async throws -> Void
    ) {
        self.name = name
        self.claim = claim
        self.settings = settings
        self.body = body
    }

    package static let all =
        hostsThatMustNotServe + coldStarts + manyEdges + drainedHosts + stateOnBadDisks + stateFiles
        + appFaults + reloads + failingVersions + failingWorlds + idleClusters + killedDrivers
        + killedAtCalls + securedWorlds + apiTested

    /// Plays it in a world of its own and ends that world.
    /// - Returns: what was not as it must be; nothing when all was.
    @EventLoop
    package func play(_ programs: Programs, keep: String? = nil) async throws -> [String] {
        var settings = Stage.Settings()
        settings.world.directory = keep
        self.settings(&settings)
        let stage = try Stage(settings, programs: programs)
        let result: Result<Void, any Error>
        do { result = .success(try await body(stage)) } catch { result = .failure(error) }
        let failed = !stage.problems.isEmpty || (try? result.get()) == nil
        let evidence = failed ? stage.evidence : []
        // A cancelled task must not hurry the end of what it started.
        _ = await EventLoop.task { await stage.end() }.result
        if case .failure(let error) = result {
            if error is CancellationError { throw error }
            return stage.problems + ["\(error)"] + evidence
        }
        return stage.problems + evidence
    }
}
