import CLibevent
import Glibc
import Synchronization

/// Runs Swift jobs between libevent's own events, all on one thread.
///
/// It is both kinds of executor: as a `SerialExecutor` it is `EventLoop`'s isolation; as a
/// `TaskExecutor` it also takes back tasks that suspended, which would else cross the global pool.
/// Unchecked: what is not behind a lock is set before the thread starts, or is that thread's alone.
final class LoopExecutor: SerialExecutor, TaskExecutor, @unchecked Sendable {
    let base: OpaquePointer
    /// Touched on the loop's thread alone. So large, and not more: what one peer sends at once is dealt with before the next one's turn.
    let receiveBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16384, alignment: 16)
    private var wakeup: UnsafeMutablePointer<event>?
    private let jobs = Mutex<[UnownedJob]>([])
    private let thread = Atomic<pthread_t>(0)

    private init() {
        evthread_use_pthreads()
        // libevent's default clock is coarse: timers would fire up to a tick early.
        let config = event_config_new()
        defer { event_config_free(config) }
        event_config_set_flag(config, Int32(EVENT_BASE_FLAG_PRECISE_TIMER.rawValue))
        guard let base = event_base_new_with_config(config) else {
            fatalError("cannot make an event loop")  // at start, before any input
        }
        self.base = base
    }

    /// Makes an executor and starts its thread; neither ever ends.
    static func start() -> LoopExecutor {
        let executor = LoopExecutor()
        let context = Unmanaged.passRetained(executor).toOpaque()
        executor.wakeup = event_new(executor.base, -1, Int16(EV_PERSIST), onWakeup, context)
        var thread = pthread_t()
        pthread_create(&thread, nil, runLoop, context)
        return executor
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let wasEmpty = jobs.withLock { jobs in
            jobs.append(job)
            return jobs.count == 1
        }
        if wasEmpty { event_active(wakeup, Int32(EV_READ), 0) }
    }

    /// Whether this is the loop's thread.
    var isCurrent: Bool { thread.load(ordering: .relaxed) == pthread_self() }

    func isIsolatingCurrentContext() -> Bool? { isCurrent }

    fileprivate func run() {
        thread.store(pthread_self(), ordering: .relaxed)
        event_base_loop(base, EVLOOP_NO_EXIT_ON_EMPTY)
    }

    fileprivate func runJobs() {
        let batch = jobs.withLock { jobs in
            defer { jobs = [] }
            return jobs
        }
        for job in batch {
            job.runSynchronously(
                isolatedTo: asUnownedSerialExecutor(),
                taskExecutor: asUnownedTaskExecutor()
            )
        }
    }
}

// MARK: - Callbacks

private func executor(_ context: UnsafeMutableRawPointer?) -> LoopExecutor? {
    context.map { Unmanaged.fromOpaque($0).takeUnretainedValue() }
}

private func onWakeup(_: Int32, _: Int16, context: UnsafeMutableRawPointer?) {
    executor(context)?.runJobs()
}

private func runLoop(context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    executor(context)?.run()
    return nil
}
