import Glibc

/// A child that lives no longer than we do, however we end: dropping this value ends it too.
///
/// A guard in the child's group waits for the end of a pipe whose other end only we hold; the kernel
/// closes that also behind a process that is killed. It then ends the whole group, whose number nobody
/// else can have while the guard is in it.
@EventLoop
package final class BoundProcess {
    package let pid: Int32
    private let end = End()
    private let output: CommandOutput
    /// Open as long as the child may live.
    private var tie: Int32

    /// - Parameters:
    ///   - environment: added to our own.
    ///   - scratch: a folder that goes with the child, with all that is in it.
    ///   - onLine: told each line of its standard output and error.
    ///   - onExit: told once of its end, after its last line; not once this value is dropped.
    package init(
        _ argv: [String],
        environment: [String: String] = [:],
        scratch: String,
        onLine: @escaping @EventLoop (String) -> Void,
        onExit: @escaping @EventLoop (Subprocess.Exit) -> Void
    ) throws(LoopError) {
        let lines = try Pipe()
        defer { lines.closeWriter() }
        let output = CommandOutput(lines.reader, onLine: onLine)
        self.output = output
        let life = try Pipe()
        tie = life.writer
        defer { close(life.reader) }
        // The guard reads with blocking.
        _ = fcntl(life.reader, F_SETFL, 0)
        let spawn = Spawn(
            argv: ["/bin/sh", "-c", guarded, "sh", scratch] + argv,
            environment: environment,
            input: life.reader,
            output: lines.writer
        )
        let end = end
        do throws(LoopError) {
            pid = try Reaper.start(spawn) { exit in
                output.readAvailable()
                end.came(exit)
            }
        } catch {
            close(tie)
            tie = -1
            output.close()
            throw error
        }
        end.onExit = onExit
    }

    isolated deinit {
        end.onExit = nil
        output.close()
        stop()
    }

    package var hasExited: Bool { end.hasCome }

    /// Tells the lines that lie in its pipe now.
    package func readAvailable() { output.readAvailable() }

    /// Ends the child, all that it started, and its scratch folder; returns at once.
    package func stop() {
        if tie >= 0 { close(tie) }
        tie = -1
    }
}

@EventLoop
private final class End {
    var onExit: (@EventLoop (Subprocess.Exit) -> Void)?
    private(set) var hasCome = false

    func came(_ exit: Subprocess.Exit) {
        hasCome = true
        onExit?(exit)
    }
}

/// Becomes the command, and leaves the guard behind: its input is the pipe, which the command must not
/// see; its output is nobody's, so that the end of the command's is seen.
private let guarded = """
    exec 3<&0 </dev/null
    { read -r _; trap "" TERM; kill -TERM 0; rm -rf -- "$1"; } <&3 >/dev/null 2>&1 &
    shift
    exec 3<&- "$@"
    """
