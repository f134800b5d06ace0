package import Health
package import Loop

/// Looks at how much room the file system of a path has.
@EventLoop
package final class DiskProbe: Probe {
    private let target: ProbeTarget.Disk
    private let read: @Sendable (String) -> Result<DiskSpace, LoopError>
    /// Since when a look hangs: a file system that answers no more gets no second thread.
    private var hangsSince: Instant?

    /// - Parameter read: asks the file system, and may block.
    package init(
        _ target: ProbeTarget.Disk,
        read: @escaping @Sendable (String) -> Result<DiskSpace, LoopError> = DiskProbe.read
    ) {
        self.target = target
        self.read = read
    }

    package nonisolated static func read(_ path: String) -> Result<DiskSpace, LoopError> {
        Result { () throws(LoopError) in try DiskSpace.read(path) }
    }

    package func run(until deadline: Instant) async -> Outcome {
        var phases = Phases()
        if let hangsSince {
            let seconds = Int((Instant.now - hangsSince) / .seconds(1))
            let words = "the file system has not answered for \(seconds) s"
            return phases.failed(Outcome.Failure(.timeout, words))
        }
        hangsSince = .now
        let (path, read) = (target.path, read)
        do throws(LoopError) {
            let space = try await Aside.run(
                until: deadline,
                "look at \(path)",
                { read(path) },
                onEnd: { [weak self] in self?.hangsSince = nil }
            ).get()
            phases.ended(.query)
            let (result, detail) = target.judge(space)
            return phases.finished(result, detail)
        } catch {
            phases.ended(.query)
            let reason: Reason =
                switch error.kind {
                case .timedOut: .timeout
                case .limit, .cancelled: .internal
                default: .status
                }
            return phases.failed(Outcome.Failure(reason, error.message))
        }
    }
}

extension ProbeTarget {
    /// A path, and how much room its file system must have.
    package struct Disk: Hashable, Sendable {
        package var path: String
        /// Below it the check fails.
        package var expect: Room
        /// Below it the check is degraded.
        package var degradedBelow: Room

        package init(_ path: String, expect: Room = Room(), degradedBelow: Room = Room()) {
            self.path = path
            self.expect = expect
            self.degradedBelow = degradedBelow
        }

        /// Both may be left open.
        package struct Room: Hashable, Sendable {
            package var free: Amount?
            package var inodes: Amount?

            package init(free: Amount? = nil, inodes: Amount? = nil) {
                self.free = free
                self.inodes = inodes
            }
        }

        /// So many, or this share of all.
        package enum Amount: Hashable, Sendable {
            case count(Int)
            case share(Double)
        }

        package var expectsNothing: Bool { expect == Room() && degradedBelow == Room() }

        package func judge(_ space: DiskSpace) -> (Outcome.Result, detail: String) {
            let detail = space.words
            if let words = expect.lack(in: space) {
                return (.failed(Outcome.Failure(.full, words)), detail)
            }
            if let words = degradedBelow.lack(in: space) { return (.degraded(words), detail) }
            return (.up, detail)
        }
    }
}

extension ProbeTarget.Disk.Room {
    /// What there is too little of; nil: enough of all.
    fileprivate func lack(in space: DiskSpace) -> String? {
        var words: [String] = []
        if let free, free.exceeds(space.freeBytes, of: space.bytes) {
            words.append("\(size(space.freeBytes)) free, expected: \(free.words(size))")
        }
        // A file system that makes inodes as they are needed does not run out of them.
        if let inodes, space.inodes > 0, inodes.exceeds(space.freeInodes, of: space.inodes) {
            words.append("\(space.freeInodes) inodes free, expected: \(inodes.words { "\($0)" })")
        }
        return words.isEmpty ? nil : words.joined(separator: "; ")
    }
}

extension ProbeTarget.Disk.Amount {
    fileprivate func exceeds(_ free: Int, of all: Int) -> Bool {
        switch self {
        case .count(let count): free < count
        case .share(let share): Double(free) < share * Double(all)
        }
    }

    fileprivate func words(_ count: (Int) -> String) -> String {
        switch self {
        case .count(let number): count(number)
        case .share(let share): percent(share)
        }
    }
}

extension DiskSpace {
    fileprivate var words: String {
        let bytes = "\(size(freeBytes)) of \(size(self.bytes)) free"
        let share = self.bytes > 0 ? " (\(percent(Double(freeBytes) / Double(self.bytes))))" : ""
        let files = inodes > 0 ? ", \(freeInodes) of \(inodes) inodes" : ""
        return bytes + share + files + (isReadOnly ? ", read-only" : "")
    }
}

private func percent(_ share: Double) -> String {
    let tenths = Int((min(share, 1) * 1000).rounded(.down))
    return tenths % 10 == 0 ? "\(tenths / 10)%" : "\(tenths / 10).\(tenths % 10)%"
}

/// In the unit that needs few digits, rounded down.
private func size(_ bytes: Int) -> String {
    for (unit, shift) in [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)]
    where bytes >= 1 << shift {
        let tenths = ((bytes >> (shift - 10)) * 10) >> 10
        return tenths >= 1000 || tenths % 10 == 0
            ? "\(tenths / 10)\(unit)" : "\(tenths / 10).\(tenths % 10)\(unit)"
    }
    return "\(bytes)B"
}
