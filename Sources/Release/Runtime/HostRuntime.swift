package import Loop

/// What starts and stops the containers (or processes) of one host.
@EventLoop
package protocol HostRuntime: AnyObject, Sendable {
    /// Fetches the version without touching what runs.
    func pull(_ version: String) async throws
    func stop(_ version: String) async throws
    func startProxy(_ version: String) async throws
    func startApps(_ version: String) async throws
    /// What runs on the host now.
    func running() async throws -> RunningVersion
}

/// What a host says that it runs.
package enum RunningVersion: Hashable, Sendable, CustomStringConvertible {
    case none
    case version(String)
    /// The runtime has no way to tell.
    case untold

    package var description: String {
        switch self {
        case .none: "nothing"
        case .version(let version): version
        case .untold: "an untold version"
        }
    }
}

/// A command of the runtime that failed: what it was, how it ended, and the last it said.
package struct RuntimeError: Error, Hashable, Sendable, CustomStringConvertible {
    package var action: String
    package var why: String
    /// The last lines of its output.
    package var output: [String]

    package init(action: String, why: String, output: [String] = []) {
        self.action = action
        self.why = why
        self.output = output
    }

    package var description: String {
        let last = output.last.map { ": \($0)" } ?? ""
        return "\(action) failed: \(why)\(last)"
    }
}
