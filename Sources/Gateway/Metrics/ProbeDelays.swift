import Loop

/// How long after its time each planned probe began: the timer's lateness, and the wait for its turn.
@EventLoop
final class ProbeDelays {
    /// Upper bounds in seconds; what is more falls into one bucket beyond them.
    static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
    private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
    private(set) var total = Duration.zero

    func add(_ delay: Duration) {
        let seconds = delay / .seconds(1)
        counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
        total += delay
    }
}
