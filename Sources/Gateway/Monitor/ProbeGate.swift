import Loop

/// Bounds how many probes are under way; the others wait in order. Probes that the verdict rests on go
/// first, and a quarter is kept for them: databases that hang by the hundred must not make the apps
/// stale.
@EventLoop
final class ProbeGate {
    private let most: Int
    private let mostInforming: Int
    private(set) var inside = 0
    private var informing = 0
    /// How many had to wait for their turn.
    private(set) var delayed = 0
    private var waiting = (counting: Line(), informing: Line())

    init(most: Int) {
        self.most = max(most, 2)
        mostInforming = max(self.most * 3 / 4, 1)
    }

    /// Runs `body` when there is room; then `leave` must follow.
    func enter(counts: Bool, _ body: @escaping () -> Void) {
        guard hasRoom(counts: counts) else {
            delayed += 1
            if counts { waiting.counting.add(body) } else { waiting.informing.add(body) }
            return
        }
        begin(counts: counts, body)
    }

    func leave(counts: Bool) {
        inside -= 1
        if !counts { informing -= 1 }
        if hasRoom(counts: true), let next = waiting.counting.next() {
            begin(counts: true, next)
        } else if hasRoom(counts: false), let next = waiting.informing.next() {
            begin(counts: false, next)
        }
    }

    private func hasRoom(counts: Bool) -> Bool {
        inside < most && (counts || informing < mostInforming)
    }

    private func begin(counts: Bool, _ body: () -> Void) {
        inside += 1
        if !counts { informing += 1 }
        body()
    }

    /// First in, first out, also with ten thousand in it.
    private struct Line {
        private var bodies: [() -> Void] = []
        private var first = 0

        mutating func add(_ body: @escaping () -> Void) { bodies.append(body) }

        mutating func next() -> (() -> Void)? {
            guard first < bodies.count else { return nil }
            let body = bodies[first]
            first += 1
            if first == bodies.count {
                bodies.removeAll(keepingCapacity: bodies.count <= 64)
                first = 0
            }
            return body
        }
    }
}
