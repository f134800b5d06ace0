import Gateway
import Health
import Loop
import Probes
import YAML

/// What is legal in one check and probably not meant, and what cannot work.
struct CheckWarnings {
    private let check: CheckConfiguration
    private let context: CheckContext
    private let section: YAMLSection
    /// As written: `on-poll` makes it 1.
    private let fall: Int

    init(
        _ check: CheckConfiguration,
        _ context: CheckContext,
        _ section: YAMLSection,
        fall: Int
    ) {
        self.check = check
        self.context = context
        self.section = section
        self.fall = fall
    }

    func tell() {
        tellTiming()
        tellProof()
        if case .disk(let disk) = check.target.kind, disk.expectsNothing {
            warn(
                "check",
                "without expect: { free: 2GiB } a disk is up as long as it is there, full or not"
            )
        }
        if check.target.tls?.verifies == false {
            warn("tls", "with verify: none whoever stands in between may answer for the target")
        }
        if check.isRequiredApp, check.check.rise == 1 {
            warn("rise", "rise 1 lets one lucky answer put the host into rotation")
        }
        if check.check.id.kind == .upstream, check.check.effect == .fail, !check.target.kind.isLocal
        {
            warn("effect", "a shared upstream with effect: fail takes every host out at once")
        }
    }

    private func tellTiming() {
        let maxAge = check.check.maxAge
        let timeout = check.timeout
        if maxAge <= timeout {
            section.report.error(
                "max_age \(Quantity.words(maxAge)) must be longer than the timeout "
                    + "\(Quantity.words(timeout)), or a slow answer is stale when it comes",
                at: section.place(of: "max_age")
            )
        }
        switch check.check.interval {
        case .every(let interval):
            guard maxAge > timeout, maxAge < interval * (1 + check.jitter) + timeout else { break }
            warn(
                "max_age",
                "max_age \(Quantity.words(maxAge)) may pass before the next outcome "
                    + "(interval \(Quantity.words(interval)), jitter and timeout "
                    + "\(Quantity.words(timeout))): the check goes stale in between"
            )
        case .onPoll:
            if section.node("fall") != nil, fall > 1 {
                warn("fall", "with interval: on-poll fall is 1")
            }
            if section.node("timeout") != nil, timeout > context.answerWithin {
                let most = Quantity.words(context.answerWithin)
                warn("timeout", "a poll waits for \(most) only (freshness.answer_within)")
            }
        }
    }

    private func tellProof() {
        guard case .tcp(let exchange) = check.target.kind, exchange.expect.isEmpty else { return }
        let isIngress = check.target.address == context.sidecar?.ingress
        guard check.target.through == .sidecar || isIngress else { return }
        warn(
            "check",
            "a connect that ends at the sidecar proves nothing of what is behind it: "
                + "add expect, or use a check that speaks the protocol"
        )
    }

    private func warn(_ key: String, _ message: String) {
        section.report.warn("\(check.check.id.name): \(message)", at: section.place(of: key))
    }
}
