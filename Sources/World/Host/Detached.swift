import Glibc

/// Processes that outlive who started them, as a host's do, found again by their pid files.
package enum Detached {
    /// Starts `argv` in a session of its own, its output added to `log`.
    @discardableResult
    package static func start(
        _ argv: [String],
        log: String,
        pidFile: String
    ) throws(WorldError) -> ProcessID {
        guard let program = argv.first else { throw WorldError("nothing to start") }
        let number = try spawn(program, argv, log: log)
        guard let process = ProcessID(number) else {
            throw WorldError("\(program) ended at once\n\(SmallFiles.tail(log))")
        }
        try process.write(to: pidFile)
        return process
    }

    private static func spawn(
        _ program: String,
        _ argv: [String],
        log: String
    ) throws(WorldError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // Whoever waits for the end of our starter's output must not wait for us. A number that is
        // not open is no error (posix_spawn_file_actions_addclose in glibc).
        for file: Int32 in 3..<256 { posix_spawn_file_actions_addclose(&actions, file) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var all = sigset_t()
        var none = sigset_t()
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, newSession | defaultSignals | signalMask)

        var arguments: [UnsafeMutablePointer<CChar>?] = argv.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var number: pid_t = 0
        let error = posix_spawn(&number, program, &actions, &attributes, arguments, environ)
        guard error == 0 else {
            throw WorldError("cannot start \(program): \(String(cString: strerror(error)))")
        }
        return number
    }

    // spawn.h; the first is behind _GNU_SOURCE.
    private static let newSession: Int16 = 0x80
    private static let defaultSignals: Int16 = 0x04
    private static let signalMask: Int16 = 0x08
}
