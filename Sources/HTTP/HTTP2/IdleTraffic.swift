/// What a peer sends that asks for nothing: resets, settings, pings, priorities, window updates, empty
/// DATA, unknown frames (RFC 9113 section 10.5). A fair client sends a few of them with each request;
/// without an end they are a flood. While all is well this costs an addition each.
struct IdleTraffic {
    private var frames = 0
    private var bytes = 0
    private var answers = 0
    private var since: Int

    /// What a fair client sends with one request at most: a window update for the stream and one for
    /// the connection, a ping, and its acknowledgement of ours.
    private static let framesPerAnswer = 4
    /// The rest of a body that was refused may still come, and unknown frames, which are ignored.
    private static let mostBytes = 2 << 20
    private static let bytesPerSecond = 64 << 10

    init(at tick: Int) { since = tick }

    mutating func addFrame() { frames &+= 1 }
    mutating func add(bytes count: Int) { bytes &+= count }
    mutating func addAnswer() { answers &+= 1 }
    /// A request or a part of its body: the bytes were not for nothing.
    mutating func addRequest() { bytes = 0 }

    /// Whether it is more than `most` frames, the fair ones and as many each second taken off.
    mutating func isFlood(at tick: Int, most: Int) -> Bool {
        guard isAbove(most) else { return false }
        let seconds = max(0, tick - since)
        frames = max(0, frames - seconds * most - answers * IdleTraffic.framesPerAnswer)
        bytes = max(0, bytes - seconds * IdleTraffic.bytesPerSecond)
        answers = 0
        since = tick
        return isAbove(most)
    }

    private func isAbove(_ most: Int) -> Bool {
        frames > most || bytes > IdleTraffic.mostBytes
    }
}
