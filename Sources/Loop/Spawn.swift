import CLibevent
import Glibc

/// Starts a process in a group of its own, with nothing of ours but what is named.
struct Spawn {
    var argv: [String]
    /// Added to our own environment.
    var environment: [String: String] = [:]
    var directory: String?
    /// Becomes the child's standard input; nil is `/dev/null`.
    var input: Int32?
    /// Becomes the child's standard output and error; nil is `/dev/null`.
    var output: Int32?

    func start() throws(LoopError) -> pid_t {
        guard let program = argv.first, !program.isEmpty else {
            throw LoopError(.system, "start a process: no command given")
        }
        guard !argv.contains(where: { $0.utf8.contains(0) }) else {
            throw LoopError(.system, "start \(program): an argument holds a NUL")
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        if let output {
            posix_spawn_file_actions_adddup2(&actions, output, 1)
        } else {
            posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        if let directory { posix_spawn_file_actions_addchdir_np(&actions, directory) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        setUp(&attributes)

        var pid: pid_t = 0
        let status = withCStrings(argv) { argv in
            withCStrings(mergedEnvironment) {
                posix_spawnp(&pid, program, &actions, &attributes, argv, $0)
            }
        }
        guard status == 0 else { throw .system(status, "start \(program)") }
        return pid
    }

    /// A group of its own, and no signal blocked or ignored because we do so.
    private func setUp(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
    }

    private var mergedEnvironment: [String] {
        var merged: [String] = []
        var entry = environ
        while let text = entry.pointee {
            let line = String(cString: text)
            let name = String(line.prefix { $0 != "=" })
            if environment[name] == nil { merged.append(line) }
            entry += 1
        }
        return merged + environment.map { "\($0.key)=\($0.value)" }
    }
}

/// Calls with a NULL-terminated array of C strings, valid only during the call.
private func withCStrings<Answer>(
    _ strings: [String],
    _ body: ([UnsafeMutablePointer<CChar>?]) -> Answer
) -> Answer {
    let copies = strings.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return body(copies + [nil])
}
