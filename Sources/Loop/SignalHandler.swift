import CLibevent

/// Calls back on the loop for each arrival of a signal, until dropped.
package struct SignalHandler: ~Copyable {
    private let event: UnsafeMutablePointer<event>
    private let callback: Unmanaged<Callback>

    @EventLoop
    package init(_ signal: Int32, _ body: @escaping @EventLoop () -> Void) {
        callback = .passRetained(Callback(body))
        let flags = Int16(EV_SIGNAL | EV_PERSIST)
        guard
            let event = event_new(EventLoop.base, signal, flags, onSignal, callback.toOpaque())
        else { fatalError("out of memory") }  // event_new fails by nothing else
        self.event = event
        event_add(event, nil)
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

// MARK: - Callbacks

private func onSignal(_: Int32, _: Int16, context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    // The strong reference lets the body drop its own handler.
    let callback = Unmanaged<Callback>.fromOpaque(context).takeUnretainedValue()
    EventLoop.assumeIsolated { callback.body() }
}
