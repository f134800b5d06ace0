import Loop

extension PlanConfiguration {
    /// Tells one plan from another, the same on every machine: a release that is resumed must not
    /// go on by other hosts, commands or rules than it began with.
    ///
    /// Where the journal lies, where tokens and certificates come from and who we are to ssh may differ
    /// from agent to agent.
    package var fingerprint: String {
        var plan = self
        plan.journal = ""
        for index in plan.fronts.indices { plan.fronts[index].admin.leaveOutWhatIsOurs() }
        for index in plan.hosts.indices { plan.hosts[index].gateway.leaveOutWhatIsOurs() }
        // FNV-1a, 64 bits: against mistakes, not against malice.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in String(describing: plan).utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension PlanConfiguration.Admin {
    fileprivate mutating func leaveOutWhatIsOurs() {
        token = nil
        via?.user = nil
        tls = tls.map { TLSSettings(serverName: $0.serverName) }
    }
}
