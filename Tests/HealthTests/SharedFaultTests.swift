import Testing

@testable import Health

@Suite struct `A fault that many checks have in common` {
    private func check(_ name: String, _ way: Check.Way, _ kind: CheckID.Kind = .upstream) -> Check
    {
        Check(
            CheckID(kind, name),
            target: "tcp://x",
            effect: kind == .app ? .fail : .inform,
            way: way
        )
    }

    private func outcome(_ reason: Reason) -> Outcome { .failed(reason, at: .network, "as told") }

    private func story(_ checks: [Check]) -> Story {
        var story = Story(checks)
        for check in checks { story.hears(.up(), for: check.id, times: 2) }
        return story
    }

    @Test func `is this host's network when all that is remote is out of reach`() {
        let remote = (1...4).map { check("db\($0)", $0 == 1 ? .sidecar : .network(byName: false)) }
        var story = story(remote + [check("web", .local, .app)])
        let reasons: [Reason] = [.upstreamTimeout, .connectTimeout, .refused, .timeout]
        for (check, reason) in zip(remote, reasons).dropLast() {
            story.hears(outcome(reason), for: check.id, times: 3)
        }
        #expect(story.board.sharedCause == nil)
        let change = story.hears(outcome(.timeout), for: remote[3].id, times: 3)
        #expect(change?.fault?.to == .network)
        #expect(
            story.board.sharedCause?.sentence(story.text)
                == "this host's network: all 4 remote checks fail; first upstream db1: "
                + "upstream_timeout at network since +1100ms (3 of 3 failed), last good +200ms; as told"
        )
        // The app beside it is as it was.
        #expect(story.host == .up)
        let back = story.hears(.up(), for: remote[0].id)
        #expect(back?.fault == FaultChange(from: .network, to: nil))
        #expect(story.board.sharedCause == nil)
    }

    @Test func `is the resolver when no name is found, though addresses answer`() {
        let named = (1...2).map { check("db\($0)", .network(byName: true)) }
        var story = story(named + [check("cache", .network(byName: false))])
        for check in named { story.hears(outcome(.dns), for: check.id, times: 3) }
        let words = story.board.sharedCause?.sentence(story.text) ?? ""
        #expect(
            words.hasPrefix("this host's resolver: it finds none of the names of 2 checks; first")
        )
    }

    @Test func `is the sidecar when nothing gets into it, and then the host's one cause`() {
        let checks = [
            check("web", .ingress, .app), check("db", .sidecar), check("cache", .sidecar),
        ]
        var story = story(checks)
        for check in checks { story.hears(outcome(.sidecarRefused), for: check.id, times: 3) }
        #expect(story.host == .down)
        let words = story.board.cause(for: .host)?.sentence(story.text) ?? ""
        #expect(
            words.hasPrefix("the sidecar: none of 3 checks gets into it; first app web:"),
            "\(words)"
        )
        #expect(story.board.report(at: story.now).sharedCause == story.board.cause(for: .host))
    }

    @Test func `is none where what fails was reached`() {
        let remote = (1...3).map { check("db\($0)", .network(byName: false)) }
        for reason in [Reason.auth, .full, .status, .tlsVerify, .protocol] {
            var story = story(remote)
            for check in remote { story.hears(outcome(reason), for: check.id, times: 3) }
            #expect(story.board.sharedCause == nil, "\(reason)")
        }
    }

    @Test func `is none among few, and is counted anew after a reload`() {
        let remote = (1...3).map { check("db\($0)", .network(byName: false)) }
        var story = story(Array(remote.dropLast()))
        for check in remote.dropLast() { story.hears(outcome(.timeout), for: check.id, times: 3) }
        #expect(story.board.sharedCause == nil)
        story.reloads(remote)
        story.hears(outcome(.timeout), for: remote[2].id, times: 3)
        #expect(story.board.sharedCause != nil)
        story.reloads([remote[0]])
        #expect(story.board.sharedCause == nil)
    }
}
