import CLibevent
import Glibc

/// Calls back once after a delay, unless dropped first.
package struct Timer: ~Copyable {
    private let event: UnsafeMutablePointer<event>
    private let callback: Unmanaged<Callback>

    @EventLoop
    package init(after delay: Duration, _ body: @escaping @EventLoop () -> Void) {
        callback = .passRetained(Callback(body))
        guard let event = event_new(EventLoop.base, -1, 0, fire, callback.toOpaque()) else {
            fatalError("out of memory")  // event_new fails by nothing else
        }
        self.event = event
        var interval = timeval(delay)
        // Count from now, not from when the loop last woke.
        event_base_update_cache_time(EventLoop.base)
        event_add(event, &interval)
    }

    deinit {
        event_free(event)
        callback.release()
    }
}

private final class Callback: Sendable {
    let body: @EventLoop () -> Void
    init(_ body: @escaping @EventLoop () -> Void) { self.body = body }
}

private func fire(_: Int32, _: Int16, context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    let callback = Unmanaged<Callback>.fromOpaque(context).takeUnretainedValue()
    EventLoop.assumeIsolated { callback.body() }
}
