import Glibc
import Synchronization

/// One thread for file work, which may block on a slow disk as the loop must not.
///
/// Work is done in the order it is given, so that a journal's lines keep theirs.
final class FileThread: Sendable {
    static let shared = FileThread()

    private let work = Mutex<[@Sendable () -> Void]>([])
    private let available: Semaphore

    private init() {
        available = Semaphore()
        var thread = pthread_t()
        pthread_create(&thread, nil, runFileThread, Unmanaged.passRetained(self).toOpaque())
        pthread_detach(thread)
    }

    func enqueue(_ body: @escaping @Sendable () -> Void) {
        work.withLock { $0.append(body) }
        available.signal()
    }

    fileprivate func run() {
        while true {
            available.wait()
            work.withLock { $0.isEmpty ? nil : $0.removeFirst() }?()
        }
    }
}

/// A POSIX semaphore that lives as long as the process. Unchecked, for a pointer is never Sendable;
/// any thread may post and wait (sem_overview(7)).
private struct Semaphore: @unchecked Sendable {
    private let raw = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(raw, 0, 0) }

    func signal() { sem_post(raw) }

    func wait() { while sem_wait(raw) != 0 {} }
}

// MARK: - Callbacks

private func runFileThread(context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<FileThread>.fromOpaque(context).takeUnretainedValue().run()
    return nil
}
