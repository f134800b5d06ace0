/// Which slot expires first: a binary heap that can move and remove any slot, so that a thousand checks
/// cost a few steps an outcome.
struct Expiries: Sendable {
    private var heap: [(at: ContinuousClock.Instant, slot: Int)] = []
    private var places: [Int: Int] = [:]

    var earliest: ContinuousClock.Instant? { heap.first?.at }

    mutating func set(_ slot: Int, to instant: ContinuousClock.Instant?) {
        guard let instant else {
            remove(slot)
            return
        }
        if let place = places[slot] {
            heap[place].at = instant
            settle(place)
        } else {
            heap.append((instant, slot))
            places[slot] = heap.count - 1
            rise(from: heap.count - 1)
        }
    }

    /// All slots whose time has come, in no particular order.
    func due(at now: ContinuousClock.Instant) -> [Int] {
        var found: [Int] = []
        var open = [0]
        while let place = open.popLast() {
            guard place < heap.count, heap[place].at <= now else { continue }
            found.append(heap[place].slot)
            open.append(2 * place + 1)
            open.append(2 * place + 2)
        }
        return found
    }

    private mutating func remove(_ slot: Int) {
        guard let place = places.removeValue(forKey: slot) else { return }
        let last = heap.removeLast()
        guard place < heap.count else { return }
        heap[place] = last
        places[last.slot] = place
        settle(place)
    }

    private mutating func settle(_ place: Int) {
        rise(from: place)
        sink(from: place)
    }

    private mutating func rise(from start: Int) {
        var place = start
        while place > 0 {
            let parent = (place - 1) / 2
            guard heap[place].at < heap[parent].at else { return }
            swap(place, parent)
            place = parent
        }
    }

    private mutating func sink(from start: Int) {
        var place = start
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2]
            where child < heap.count && heap[child].at < heap[least].at {
                least = child
            }
            guard least != place else { return }
            swap(place, least)
            place = least
        }
    }

    private mutating func swap(_ a: Int, _ b: Int) {
        heap.swapAt(a, b)
        places[heap[a].slot] = a
        places[heap[b].slot] = b
    }
}
