import Glibc

/// Learns of the end of our children by SIGCHLD, and of no one else's.
@EventLoop
enum Reaper {
    private static var ends: [pid_t: @EventLoop (Subprocess.Exit) -> Void] = [:]
    private static var signal: SignalHandler?

    /// Starts a child and calls `onEnd` once when it has ended and been reaped.
    static func start(
        _ spawn: Spawn,
        onEnd: @escaping @EventLoop (Subprocess.Exit) -> Void
    ) throws(LoopError) -> pid_t {
        // Listening comes first: a child may end before we are back here.
        if signal == nil { signal = SignalHandler(SIGCHLD) { reap() } }
        let pid = try spawn.start()
        ends[pid] = onEnd
        return pid
    }

    /// Whether a child has not been reaped, so that its number still means it.
    static func isRunning(_ pid: pid_t) -> Bool { ends[pid] != nil }

    private static func reap() {
        // One signal may stand for many ends, so each of ours is asked.
        for pid in ends.keys {
            var status: Int32 = 0
            guard waitpid(pid, &status, WNOHANG) == pid else { continue }
            ends.removeValue(forKey: pid)?(Subprocess.Exit(waitStatus: status))
        }
    }
}

extension Subprocess.Exit {
    /// Reads what `waitpid` says of a process that has ended.
    init(waitStatus status: Int32) {
        let signal = status & 0x7f
        self = signal == 0 ? .code((status >> 8) & 0xff) : .signal(signal)
    }
}
