import FoundationEssentials
package import Health

/// What the Docker Engine says of one container (`GET /containers/NAME/json`), reduced to how it is.
package struct ContainerState: Hashable, Sendable {
    package var status: String
    package var exitCode: Int
    package var wasKilledForMemory: Bool
    package var restarts: Int
    /// Why the Engine could not run it; mostly empty.
    package var error: String
    /// Of its own health check; nil: it has none.
    package var health: Health?

    package struct Health: Hashable, Sendable {
        package var status: String
        package var failures: Int
        /// What the health check printed last.
        package var output: String
    }

    package struct Malformed: Error {}

    package init(json: [UInt8]) throws(Malformed) {
        let answer: Answer
        do {
            answer = try JSONDecoder().decode(Answer.self, from: Data(json))
        } catch {
            throw Malformed()
        }
        let state = answer.state
        status = state.status ?? (state.isRunning == true ? "running" : "exited")
        exitCode = state.exitCode ?? 0
        wasKilledForMemory = state.wasKilledForMemory ?? false
        restarts = answer.restarts ?? 0
        error = state.error ?? ""
        if let found = state.health, let word = found.status, word != "none", !word.isEmpty {
            health = Health(
                status: word,
                failures: found.failures ?? 0,
                output: found.log?.last?.output ?? ""
            )
        }
    }

    package func judge() -> (Outcome.Result, detail: String) {
        (result, detail)
    }

    private var result: Outcome.Result {
        let memory = wasKilledForMemory ? ", killed for want of memory (OOM)" : ""
        let why = error.isEmpty ? "" : ": \(legible(error))"
        switch status {
        case "running": return runningResult
        case "exited", "dead":
            return failed(.notServing, "\(status) with exit code \(exitCode)\(memory)\(why)")
        case "restarting":
            let words = "restarting after exit code \(exitCode)\(memory), \(restartWords)\(why)"
            return failed(.notServing, words)
        case "created": return failed(.notServing, "created and never started\(why)")
        default: return failed(.notServing, legible(status) + why)
        }
    }

    private var runningResult: Outcome.Result {
        guard let health else { return .up }
        let line = health.output.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let output = line.isEmpty ? "" : ": \(legible(line))"
        switch health.status {
        case "healthy": return .up
        case "starting": return failed(.starting, "its health check has not passed yet\(output)")
        case "unhealthy":
            return failed(
                .notServing,
                "unhealthy, \(health.failures) failures in a row\(output)"
            )
        default: return failed(.notServing, "its health is \(legible(health.status))\(output)")
        }
    }

    private var detail: String {
        let word = health.map { legible($0.status) } ?? "no health check"
        return "\(legible(status)), \(word), \(restartWords)"
    }

    private var restartWords: String { restarts == 1 ? "1 restart" : "\(restarts) restarts" }

    private func failed(_ reason: Reason, _ words: String) -> Outcome.Result {
        .failed(Outcome.Failure(reason, words))
    }
}

// MARK: - As the Engine writes it

private struct Answer: Decodable {
    let state: StateAnswer
    let restarts: Int?
    enum CodingKeys: String, CodingKey {
        case state = "State"
        case restarts = "RestartCount"
    }
}

private struct StateAnswer: Decodable {
    let status: String?
    let isRunning: Bool?
    let wasKilledForMemory: Bool?
    let exitCode: Int?
    let error: String?
    let health: HealthAnswer?
    enum CodingKeys: String, CodingKey {
        case status = "Status"
        case isRunning = "Running"
        case wasKilledForMemory = "OOMKilled"
        case exitCode = "ExitCode"
        case error = "Error"
        case health = "Health"
    }
}

private struct HealthAnswer: Decodable {
    struct Entry: Decodable {
        let output: String?
        enum CodingKeys: String, CodingKey { case output = "Output" }
    }

    let status: String?
    let failures: Int?
    let log: [Entry]?
    enum CodingKeys: String, CodingKey {
        case status = "Status"
        case failures = "FailingStreak"
        case log = "Log"
    }
}
