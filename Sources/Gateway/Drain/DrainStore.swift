package import Loop

/// The drain state in force and its copy on disk.
///
/// What drains is in force at once, even when the disk refuses it; what ends a drain is in force
/// only once the disk has it. So no failure of the disk lets a drained host back in.
@EventLoop
package final class DrainStore {
    /// The owner of the hold that stands for a state which could not be read.
    package static let unreadableOwner = "state-unreadable"

    package private(set) var state: DrainState
    /// Why the last change is not on disk; nil: it is.
    package private(set) var problem: String?
    /// Called after each change of what is in force.
    package var onChange: (() -> Void)?

    private let folder: StateFolder
    private let wayOut: String
    private var isFresh = false
    private var mustSetAside = false
    private var last: Task<Void, any Error>?

    /// What became of a change.
    package enum Result: Hashable, Sendable {
        case done
        /// In force, or for the end of a drain not in force, and not on disk.
        case notDurable(String)
        case refused(DrainRefusal)
    }

    /// Reads the state, blocking: for the start, before anything listens.
    package init(_ folder: StateFolder, wayOut: String) {
        self.folder = folder
        self.wayOut = wayOut
        state = DrainState()
        switch folder.load() {
        case .fresh: isFresh = true
        case .state(let saved): state = saved
        case .unreadable(let why):
            mustSetAside = true
            failClosed(why)
        }
    }

    /// Writes the first state into a folder that was never used, so that its loss can be told from a
    /// new host; before anything may come up. A disk that refuses even that fails closed.
    package func initialise() async {
        guard isFresh else { return }
        isFresh = false
        if case .notDurable(let why) = await inTurn(keepIfNotSaved: false, { _ in }) {
            failClosed(why)
            onChange?()
        }
    }

    private func failClosed(_ why: String) {
        problem = why
        let reason = "\(why). Nobody knows whether this host was drained, so it is. \(wayOut)"
        try? state.add(.init(owner: DrainStore.unreadableOwner, reason: reason, since: .now))
    }

    /// Adds a hold, in force when this returns in any case but a refusal.
    package func add(_ hold: DrainState.Hold) async -> Result {
        // At once, for the polls that come while the disk works.
        do throws(DrainRefusal) { try state.add(hold) } catch { return .refused(error) }
        onChange?()
        // Once more in turn: a removal by the same owner may stand before us.
        return await inTurn(keepIfNotSaved: true) { state throws(DrainRefusal) in
            try state.add(hold)
        }
    }

    /// Ends a hold; it stays in force when the disk does not take the change.
    package func remove(_ owner: String, epoch: Int?, confirmed: String?) async -> Result {
        await inTurn(keepIfNotSaved: false) { state throws(DrainRefusal) in
            try state.remove(owner, epoch: epoch, confirmed: confirmed, at: .now)
        }
    }

    package func take(_ lease: Lease) async -> Result {
        await inTurn(keepIfNotSaved: false) { state throws(DrainRefusal) in
            try state.take(lease, at: .now)
        }
    }

    package func release(_ release: String, epoch: Int) async -> Result {
        await inTurn(keepIfNotSaved: false) { state throws(DrainRefusal) in
            try state.release(release, epoch: epoch)
        }
    }

    /// Writes or wipes the mark of a clean stop, also when it seems to be so already: an earlier
    /// call may still be at the disk with the opposite.
    package func setStoppedCleanly(_ value: Bool) async -> Result {
        await inTurn(keepIfNotSaved: false) { state in state.stoppedCleanly = value }
    }

    private typealias Edit = @EventLoop @Sendable (inout DrainState) throws(DrainRefusal) -> Void

    /// One change after the other, each seen by the next one on disk.
    private func inTurn(keepIfNotSaved: Bool, _ edit: @escaping Edit) async -> Result {
        let before = last
        let waiter = Waiter<Result>()
        last = EventLoop.task { [self] in
            _ = await before?.result
            waiter.fulfil(.success(await change(keepIfNotSaved: keepIfNotSaved, edit)))
        }
        do {
            return try await waiter.wait(until: nil, "change the drain state")
        } catch {
            return .notDurable("the call was given up")
        }
    }

    private func change(keepIfNotSaved: Bool, _ edit: Edit) async -> Result {
        var next = state
        do throws(DrainRefusal) { try edit(&next) } catch { return .refused(error) }
        if keepIfNotSaved { adopt(next) }
        let (folder, setAside, wanted) = (folder, mustSetAside, next)
        let failure = await Files.offLoop { () -> StateFolder.Failure? in
            // What could not be read is kept for whoever looks into it.
            if setAside { folder.setAside() }
            do throws(StateFolder.Failure) {
                try folder.save(wanted)
                return nil
            } catch {
                return error
            }
        }
        problem = failure?.description
        if let failure { return .notDurable(failure.description) }
        mustSetAside = false
        // Not `next`: holds that came while the disk worked are in force and await their turn.
        var current = state
        try? edit(&current)
        adopt(current)
        return .done
    }

    private func adopt(_ new: DrainState) {
        guard new != state else { return }
        state = new
        onChange?()
    }
}
