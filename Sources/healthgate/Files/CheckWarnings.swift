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
        tellStrangers()
        tellMySQL()
        tellRedis()
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

    private func tellRedis() {
        guard case .server(let server) = check.target.kind, server.service == .redis else { return }
        if server.depth == .handshake, check.target.through == .sidecar {
            warn(
                "depth",
                "a redis_proxy with a password of its own asks for it itself, and is then taken for "
                    + "a server: give it by password_file, and leave depth out"
            )
        }
        if let most = server.maxLag, most < .seconds(10) {
            warn(
                "expect",
                "a primary without writes says a word each 10 s (repl-ping-replica-period): "
                    + "a shorter max_lag passes in between"
            )
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

    /// Two servers hold a client that they do not let in for a fault, and say so each time. There is no
    /// way around that but to be let in; so nobody gets there without having asked for it.
    private func tellStrangers() {
        guard case .server(let server) = check.target.kind, server.depth == .handshake else {
            return
        }
        let cost: String
        let user: String
        switch server.service {
        case .mysql where server.user == nil:
            cost =
                "without a user that is let in, the server counts each probe as an aborted connect"
            user = "a user, who needs no rights,"
        case .amqp:
            cost = "RabbitMQ takes a handshake without credentials for a broken client"
            user = "a user of the virtual host"
        default: return
        }
        let message = "\(cost) and logs a warning"
        guard section.node("depth") == nil else { return warn("depth", message) }
        section.report.error(
            "\(check.check.id.name): \(message): name \(user) with a password_file, or write depth: handshake to have it so",
            at: section.place(of: "check")
        )
    }

    private func tellMySQL() {
        guard case .server(let server) = check.target.kind, server.service == .mysql else { return }
        if server.password != nil {
            let key =
                check.target.tls == nil ? ", and without tls takes any key for the server's" : ""
            warn(
                "check",
                "MySQL 8's caching_sha2_password is experimental here\(key); "
                    + "mysql_native_password, which MariaDB has, is not"
            )
        }
    }

    private func warn(_ key: String, _ message: String) {
        section.report.warn("\(check.check.id.name): \(message)", at: section.place(of: key))
    }
}
