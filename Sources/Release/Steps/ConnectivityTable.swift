/// Which upstreams a host does not reach, at which hop, and why.
struct ConnectivityTable {
    private let report: ConnectivityReport
    private var failing: [GatewayStatus.Check] {
        report.upstreams.filter { $0.state != "up" && $0.state != "degraded" }
    }

    init(_ report: ConnectivityReport) { self.report = report }

    /// The one cause, or the first of several.
    var sentence: String {
        if let shared = report.inCommon { return shared }
        guard var first = failing.first else { return "an upstream is not up" }
        // The rest of a long story is in the table.
        first.text = first.text.map { text in
            text.firstRange(of: "; ").map { String(text[..<$0.lowerBound]) } ?? text
        }
        guard failing.count > 1 else { return first.words }
        return "\(failing.count) of \(report.upstreams.count) upstreams are not up: \(first.words)"
    }

    var lines: [String] {
        let heads = ["upstream", "state", "at", "reason", "target", "why"]
        let rows = failing.map { check in
            [
                check.name, check.state, check.hop ?? "-", check.reason ?? "-",
                check.target ?? "-", check.text ?? "",
            ]
        }
        return TextTable.lines([heads] + rows, left: heads.count)
    }
}
