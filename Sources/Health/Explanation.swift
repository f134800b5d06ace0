extension Report {
    /// The decision tree in words: the verdict, why, and how each check counts. Two spaces a level.
    package func explanation(_ time: TimeText) -> [String] {
        var lines = explain(host, time)
        for hold in holds { lines.append("  " + hold.sentence(time)) }
        if isStopping { lines.append("  healthgate is stopping") }
        if host.verdict == .draining {
            let since = time(.instant(host.standingSince))
            lines.append("  behind the drain: \(host.standing.rawValue) since \(since)")
            if let cause = host.standingCause {
                lines.append("    because " + cause.sentence(time))
            }
        }
        if let sharedCause { lines.append("  in common: " + sharedCause.sentence(time)) }
        if !hasStarted { lines.append("  not once up since this process started") }
        for app in apps { lines += explain(app, time) }
        lines.append("checks")
        for check in checks { lines += explain(check, time).map { "  " + $0 } }
        return lines
    }

    private func explain(_ check: CheckReport, _ time: TimeText) -> [String] {
        [check.sentence(time), "  " + check.counting]
    }

    /// What it says of the app and the checks of that name; without one, all of it. Empty: there are
    /// none.
    package func explanation(_ time: TimeText, of name: String?) -> [String] {
        guard let name else { return explanation(time) }
        return apps.filter { $0.scope == .app(name) }.flatMap { explain($0, time) }
            + checks.filter { $0.id.name == name }.flatMap { explain($0, time) }
    }

    private func explain(_ scope: ScopeReport, _ time: TimeText) -> [String] {
        let answer = scope.verdict.serves ? "200" : "503"
        let since = time(.instant(scope.since))
        let head = "\(scope.scope): \(scope.verdict.rawValue) since \(since), answers \(answer)"
        guard let cause = scope.cause, scope.verdict != .draining else { return [head] }
        return [head, "  because " + cause.sentence(time)]
    }
}

extension CheckReport {
    /// How the check counts towards the verdict of the host.
    package var counting: String {
        let kept = effect == check.effect ? "" : " (\(check.effect.rawValue) from its next outcome)"
        return "effect \(effect.rawValue)\(kept): \(consequence)"
    }

    private var consequence: String {
        let before = state == .pending && heldAt != nil ? ", as before the reload" : ""
        switch weight {
        case .fails: return "makes the host down" + before
        case .degrades: return "makes the host degraded" + before
        case .delays: return "keeps the host starting"
        case .nothing where effect == .inform: return "counts for nothing, whatever it says"
        case .nothing where isNew: return "new since a reload, counts once it has settled"
        case .nothing where state == .pending && heldAt == nil: return "counts once it has settled"
        case .nothing: return "counts as up" + before
        }
    }
}
