package import Loop

/// What a release tells about itself while it goes on.
package enum ReleaseEvent: Hashable, Sendable {
    case began(release: String, version: String, hosts: [String])
    /// Before and between the hosts: "locked 4 gateways".
    case note(String)
    case warning(String)
    case stepBegan(host: String, StepName)
    /// Still waiting for `reason`.
    case waiting(host: String, StepName?, reason: String, elapsed: Duration, limit: Duration)
    case stepEnded(host: String, StepName, StepResult, took: Duration)
    case stepFailed(host: String, StepName, why: String, took: Duration)
    case hostEnded(host: String, HostOutcome)
    /// A line of a command of the runtime.
    case output(host: String, String)
}

/// Shows a release to somebody, or keeps it.
@EventLoop
package protocol ReleaseObserver: AnyObject, Sendable {
    func observe(_ event: ReleaseEvent)
    /// The last word, with the proof of no impact.
    func ended(_ end: ReleaseEnd, impact: ImpactTable)
}
