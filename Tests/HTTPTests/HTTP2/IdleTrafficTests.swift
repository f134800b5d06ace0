@testable import HTTP
import Testing

/// One that `#expect` may ask, which changes it.
private final class Traffic {
    var value = IdleTraffic(at: 0)
}

@Suite struct `HTTP/2 frames that ask for nothing` {
    private let traffic = Traffic()

    private func add(_ frames: Int) {
        for _ in 0..<frames { traffic.value.addFrame() }
    }

    private func isFlood(_ second: Int) -> Bool { traffic.value.isFlood(at: second, most: 200) }

    @Test func `are a flood beyond their number`() {
        add(200)
        #expect(!isFlood(0))
        add(1)
        #expect(isFlood(0))
    }

    @Test func `may come again each second`() {
        for second in 0..<100 {
            add(200)
            #expect(!isFlood(second))
        }
        add(500)
        #expect(isFlood(100))
    }

    @Test func `may come with each answer as a fair client needs`() {
        for _ in 0..<10_000 {
            add(4)
            traffic.value.addAnswer()
            #expect(!isFlood(0))
        }
    }

    @Test func `are no credit for a flood after a long silence`() {
        add(201)
        #expect(!isFlood(10_000))
        add(201)
        #expect(isFlood(10_000))
    }

    @Test func `are a flood by their bytes too, unless a request comes between`() {
        for _ in 0..<10 {
            traffic.value.add(bytes: 1 << 20)
            traffic.value.addRequest()
        }
        #expect(!isFlood(0))
        traffic.value.add(bytes: (2 << 20) + 1)
        #expect(isFlood(0))
    }
}
