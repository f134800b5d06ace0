import CLibevent

/// A libevent event on a descriptor, calling back a method of its owner.
///
/// The owner must outlive it, which holds when the owner stores it: dropping the handle frees the
/// event. It is freed on the loop because owners are `@EventLoop` classes with isolated `deinit`.
struct EventHandle: ~Copyable {
    private let event: UnsafeMutablePointer<event>

    @EventLoop
    init(
        _ fd: Int32,
        _ flags: Int32,
        _ callback: @escaping event_callback_fn,
        _ context: UnsafeMutableRawPointer?
    ) {
        guard let event = event_new(EventLoop.base, fd, Int16(flags), callback, context) else {
            fatalError("out of memory")  // event_new fails by nothing else
        }
        self.event = event
    }

    func add() { event_add(event, nil) }

    func add(after duration: Duration) {
        var interval = timeval(duration)
        event_base_update_cache_time(event_get_base(event))
        event_add(event, &interval)
    }

    /// Calls back in this turn of the loop as if the descriptor were ready.
    func activate() { event_active(event, Int32(EV_READ), 0) }

    func remove() { event_del(event) }

    /// Frees the event; the pointer is not used again.
    deinit { event_free(event) }
}
