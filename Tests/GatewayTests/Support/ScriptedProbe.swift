import Health
import Loop
import Probes

/// What a check's target is made to say. All probes of one target share its script.
@EventLoop
final class Script {
    enum Word { case up, degraded, fails(Reason), hangs }

    var word: Word
    /// Probes begun, and those of them that came back good.
    private(set) var begun = 0
    private(set) var passed = 0
    private var held: [Waiter<Void>] = []

    init(_ word: Word = .up) { self.word = word }

    /// Lets the probes that hang find what the script says now.
    func letGo(_ word: Word) {
        self.word = word
        let waiting = held
        held = []
        for waiter in waiting { waiter.fulfil(.success(())) }
    }

    fileprivate func run(until deadline: Instant) async -> Outcome {
        begun += 1
        let start = Instant.now
        if case .hangs = word {
            let waiter = Waiter<Void>()
            held.append(waiter)
            try? await waiter.wait(until: deadline, "hang")
        }
        let took = Instant.now - start
        switch word {
        case .up:
            passed += 1
            return .up(took: took, detail: "as scripted")
        case .degraded: return .degraded("slow", took: took)
        case .fails(let reason): return .failed(reason, at: .upstream, "as scripted", took: took)
        case .hangs: return .failed(.timeout, at: .upstream, "it hangs", took: took)
        }
    }
}

@EventLoop
final class ScriptedProbe: Probe {
    private let script: Script

    init(_ script: Script) { self.script = script }

    func run(until deadline: Instant) async -> Outcome { await script.run(until: deadline) }
}
