import Loop

/// What a demo run has shown: counts from three witnesses (the load, the Fronts' counters, their
/// access logs), and everything that is not as it should be.
package struct DemoReport: Sendable {
    package var version = "v2"
    package var hosts = WorldLayout.apps
    /// Hosts that run the version and are in rotation at every Front.
    package var released: [String] = []
    /// What ended the release; nil when it ended well.
    package var releaseFailure: String?
    package var tally = Tally()
    package var lag = Lag()
    package var duration = Duration.zero
    /// Requests by the Fronts' own counters, as users sent them and as hosts were given them.
    package var frontRequests: Int?
    package var upstreamRequests: Int?
    package var log = AccessLog("")
    package var panics = 0
    package var fewestServing = 0
    package var streamsOverDrains = 0
    package var streamsOverNone = 0
    /// A release without drains has no stream to live over one.
    package var expectsDrains = true
    /// A test does not judge how busy its machine was; a demo does, for its load must be what it says.
    package var judgesLag = true

    package init() {}

    package var isClean: Bool { problems.isEmpty }

    package var lastLine: String {
        let counts =
            "\(tally.requests) requests, \(tally.failed) failed; "
            + "\(tally.opened) streams, \(tally.cut) cut"
        let verb = isClean ? "released" : "not clean:"
        return "\(verb) \(version) on \(released.count) of \(hosts.count) hosts: \(counts)"
    }

    /// Each thing that is wrong, in words; none for a clean release.
    package var problems: [String] {
        releaseProblems + loadProblems + witnessProblems
    }

    private var releaseProblems: [String] {
        var problems: [String] = []
        if let releaseFailure { problems.append(releaseFailure) }
        let missing = hosts.filter { !released.contains($0) }
        if !missing.isEmpty {
            problems.append("not in rotation at \(version): \(missing.joined(separator: ", "))")
        }
        if panics > 0 { problems.append("\(panics) calls were routed in panic") }
        if expectsDrains, streamsOverNone > 0 {
            problems.append("\(streamsOverNone) streams lived over no drain")
        }
        return problems
    }

    private var loadProblems: [String] {
        var problems: [String] = []
        if tally.failed > 0 { problems.append("\(tally.failed) calls failed") }
        if tally.cut > 0 { problems.append("\(tally.cut) streams were cut") }
        if tally.open > 0 { problems.append("\(tally.open) calls or streams never ended") }
        for version in ["v1", version] {
            let missing = tally.hosts(hosts, without: version)
            if !missing.isEmpty {
                problems.append("served nothing at \(version): \(missing.joined(separator: ", "))")
            }
        }
        if judgesLag, lag.lateShare > 0.01 {
            let share = (lag.lateShare * 1000).rounded() / 10
            problems.append("the load lagged: \(share) % of calls sent over \(Lag.limit) late")
        }
        let rate = duration > .zero ? Double(tally.sent) / duration.seconds : 0
        if judgesLag, rate < 300 {
            problems.append("the load was \(Int(rate)) calls a second, not 300")
        }
        return problems
    }

    /// Three counts of one thing must be one number.
    private var witnessProblems: [String] {
        var problems: [String] = []
        let counts: [(String, Int?)] = [
            ("the Fronts' request counters", frontRequests),
            ("the Fronts' access logs", log.lines),
        ]
        for (witness, count) in counts where count != tally.requests {
            let count = count.map { "\($0)" } ?? "nothing"
            problems.append("\(witness) say \(count) requests, the load \(tally.requests)")
        }
        if upstreamRequests != log.routed {
            let count = upstreamRequests.map { "\($0)" } ?? "nothing"
            problems.append("the Fronts gave hosts \(count) requests, by their logs \(log.routed)")
        }
        if log.bad != tally.failed + tally.cut {
            problems.append(
                "the access logs have \(log.bad) bad ends, the load \(tally.failed + tally.cut)"
            )
        }
        return problems
    }

    /// Everything for the reader, the last line last.
    package func text(naming name: (String) -> String) -> String {
        var lines: [String] = []
        let rate = duration > .zero ? Int((Double(tally.sent) / duration.seconds).rounded()) : 0
        lines.append(
            "load: \(rate) calls/s for \(Int(duration.seconds)) s; sent late by p99 \(lag.p99), "
                + "at most \(lag.worst.rounded); \(streamsOverDrains) streams lived over a drain"
        )
        lines.append(
            "witnesses: load \(tally.requests), Front counters \(frontRequests ?? 0), "
                + "access log \(log.lines), given to hosts \(upstreamRequests ?? 0)"
        )
        for host in hosts {
            let versions = (tally.served[host] ?? [:]).sorted { $0.key < $1.key }
            let words = versions.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
            lines.append("  \(host): \(words.isEmpty ? "nothing" : words)")
        }
        lines.append("fewest hosts in rotation: \(fewestServing) of \(hosts.count)")
        lines += Self.table("failed calls", tally.failures)
        lines += Self.table("cut streams", tally.cuts)
        lines += Self.table("bad ends in the access log", log.failures).map(name)
        lines += problems.map { "problem: \($0)" }
        lines.append(lastLine)
        return lines.joined(separator: "\n")
    }

    private static func table(_ title: String, _ counts: [String: Int]) -> [String] {
        guard !counts.isEmpty else { return [] }
        let rows = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return ["\(title):"] + rows.map { "  \($0.value) x \($0.key)" }
    }
}

extension Duration {
    fileprivate var rounded: Duration { .milliseconds(milliseconds) }
}
