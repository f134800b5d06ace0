import Glibc

/// Where a scenario wants the driver killed: around one of the commands that it runs on a host, which
/// are actions between the journal's line before them and the one after.
package struct KillPoint: Hashable, Sendable, CustomStringConvertible {
    package let verb: String
    /// The action has been done; else it is never begun.
    package let isAfter: Bool

    package init(_ verb: String, isAfter: Bool) {
        self.verb = verb
        self.isAfter = isAfter
    }

    package var description: String { "\(isAfter ? "after" : "before") \(verb)" }

    /// The next such command in that world will kill its driver.
    func set(in layout: WorldLayout) throws(WorldError) {
        try SmallFiles.write(description, to: KillPoint.file(layout))
    }

    /// Whether no command has come to it yet.
    func isSet(in layout: WorldLayout) -> Bool {
        SmallFiles.read(KillPoint.file(layout)) == description
    }

    /// Kills the process that runs this one, if it is time; true: nothing more is to be done here.
    package func strike(in layout: WorldLayout) -> Bool {
        guard isSet(in: layout) else { return false }
        SmallFiles.remove(KillPoint.file(layout))
        kill(getppid(), SIGKILL)
        return true
    }

    private static func file(_ layout: WorldLayout) -> String { "\(layout.directory)/kill-driver" }
}
