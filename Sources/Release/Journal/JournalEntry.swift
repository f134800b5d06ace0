/// One line of the journal, on disk before what it speaks of is done.
package struct JournalEntry: Codable, Hashable, Sendable {
    package enum Event: String, Codable, Hashable, Sendable {
        /// A release begins; a `resume` or `abort` takes it over.
        case begin, takeover
        /// Something is about to be done to a host.
        case action
        /// A step ended.
        case step
        /// A host ended: `released`, `restored`, `stopped`, …
        case host
        /// The pause after the canary was approved.
        case approved
        case end
    }

    package var at: String
    package var event: Event
    package var release: String
    package var epoch: Int
    package var version: String?
    package var plan: String?
    package var host: String?
    package var step: String?
    package var action: String?
    package var result: String?
    package var text: String?

    package init(
        _ event: Event,
        at: String,
        release: String,
        epoch: Int,
        version: String? = nil,
        plan: String? = nil,
        host: String? = nil,
        step: String? = nil,
        action: String? = nil,
        result: String? = nil,
        text: String? = nil
    ) {
        self.event = event
        self.at = at
        self.release = release
        self.epoch = epoch
        self.version = version
        self.plan = plan
        self.host = host
        self.step = step
        self.action = action
        self.result = result
        self.text = text
    }
}

/// What a release does to a host, journalled before it is done.
package enum HostAction: String, Codable, CaseIterable, Hashable, Sendable {
    case drain, pull, stop, startProxy = "start_proxy", startApps = "start_apps", undrain
}
