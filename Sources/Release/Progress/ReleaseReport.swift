import FoundationEssentials
package import Loop

/// A release as it went, for machines: written beside the journal when it ends.
package struct ReleaseReport: Codable, Hashable, Sendable {
    package struct Step: Codable, Hashable, Sendable {
        package var step: String
        package var result: String
        package var text: String
        package var seconds: Double
    }

    package struct Host: Codable, Hashable, Sendable {
        package var name: String
        package var outcome: String
        package var steps: [Step] = []
    }

    package var schema = 1
    package var release = ""
    package var version = ""
    package var begun = ""
    package var ended = ""
    package var code: Int32 = 0
    package var sentence = ""
    package var details: [String] = []
    package var warnings: [String] = []
    package var hosts: [Host] = []
    package var impact = ImpactTable()

    package init() {}

    package func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }
}

/// Fills the report, and passes everything on to whoever shows it.
@EventLoop
package final class ReleaseRecorder: ReleaseObserver {
    package private(set) var report = ReleaseReport()
    private let clock: any ReleaseClock
    private let next: any ReleaseObserver

    package init(clock: any ReleaseClock, passingTo next: any ReleaseObserver) {
        self.clock = clock
        self.next = next
    }

    package func observe(_ event: ReleaseEvent) {
        switch event {
        case .began(let release, let version, let hosts):
            report.release = release
            report.version = version
            report.begun = clock.timeOfDay
            report.hosts = hosts.map { ReleaseReport.Host(name: $0, outcome: "untouched") }
        case .warning(let text): report.warnings.append(text)
        case .stepEnded(let host, let step, let result, let took):
            if case .skipped(let why) = result {
                add(step, "skipped", why, took, to: host)
            } else {
                add(step, "done", result.words, took, to: host)
            }
        case .stepFailed(let host, let step, let why, let took):
            add(step, "failed", why, took, to: host)
        case .hostEnded(let host, let outcome): change(host) { $0.outcome = outcome.word }
        case .note, .stepBegan, .waiting, .output: break
        }
        next.observe(event)
    }

    package func ended(_ end: ReleaseEnd, impact: ImpactTable) {
        report.ended = clock.timeOfDay
        report.code = end.code.rawValue
        report.sentence = end.sentence
        report.details = end.details
        report.impact = impact
        next.ended(end, impact: impact)
    }

    private func add(
        _ step: StepName,
        _ result: String,
        _ text: String,
        _ took: Duration,
        to host: String
    ) {
        change(host) { host in
            host.steps.append(
                .init(step: step.rawValue, result: result, text: text, seconds: took.seconds)
            )
        }
    }

    private func change(_ host: String, _ body: (inout ReleaseReport.Host) -> Void) {
        if let index = report.hosts.firstIndex(where: { $0.name == host }) {
            body(&report.hosts[index])
        }
    }
}
