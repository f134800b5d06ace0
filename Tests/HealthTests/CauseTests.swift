import Health
import Testing

/// Rule 10.
@Suite struct `A cause` {
    @Test func `names check, reason, hop, since when, how often and the last good time`() {
        var story = Story([.make(orders)])
        story.hears(.up(), for: orders, times: 2)
        story.hears(notServing, for: orders, times: 3)
        #expect(
            story.board.cause(for: .host)?.sentence(story.text)
                == "app orders: not_serving at upstream since +300ms (3 of 3 failed), "
                + "last good +200ms"
        )
    }

    @Test func `adds what the probe said in its own words`() {
        var story = Story([.make(orders)])
        story.hears(refused, for: orders, times: 4)
        #expect(
            story.board.cause(for: .app("orders"))?.sentence(story.text)
                == "app orders: refused at upstream since +100ms (4 failed), never good so far; "
                + "connection refused"
        )
    }

    @Test func `is one, the oldest of the gravest, with the number of the others`() throws {
        var story = Story([
            .make(web, effect: .degrade), .make(orders), .make(database, effect: .fail),
        ])
        for id in [orders, web, database] { story.hears(.up(), for: id, times: 2) }
        story.hears(refused, for: web, times: 3)
        story.hears(refused, for: database, times: 3)
        story.hears(refused, for: orders, times: 3)
        guard case .check(let report, let others) = story.board.cause(for: .host) else {
            Issue.record("no check is blamed")
            return
        }
        #expect(report.id == database)
        #expect(others == 1)
        let text = try #require(story.board.cause(for: .host)?.sentence(story.text))
        #expect(text.hasSuffix("; and 1 more check"))
    }

    @Test func `of an app that is down itself is the app, not the upstream`() {
        var story = Story([.make(orders), .make(web), .make(database, effect: .fail)])
        for id in [orders, web, database] { story.hears(.up(), for: id, times: 2) }
        story.hears(refused, for: database, times: 3)
        story.hears(refused, for: orders, times: 3)
        #expect(blamed(story.board.cause(for: .app("orders"))) == orders)
        #expect(blamed(story.board.cause(for: .app("web"))) == database)
    }

    @Test func `is there for every failing verdict and for no good one`() {
        var story = Story([.make(orders), .make(web)])
        #expect(blamed(story.board.cause(for: .host)) == orders)
        story.hears(.up(), for: orders, times: 2)
        #expect(blamed(story.board.cause(for: .host)) == web)
        #expect(
            story.board.cause(for: .host)?.sentence(story.text)
                == "app web: not yet up, needs 2 passes in a row"
        )
        story.hears(.up(), for: web, times: 2)
        #expect(story.board.cause(for: .host) == nil)
        #expect(story.board.cause(for: .app("web")) == nil)
        story.hears(.degraded("p95 900 ms"), for: web, times: 3)
        #expect(
            story.board.cause(for: .host)?.sentence(story.text)
                == "app web: degraded since +700ms: p95 900 ms"
        )
    }

    @Test func `of a stale check says how old it is`() {
        var story = Story([.make(orders)])
        story.hears(.up(), for: orders, times: 2)
        story.wait(.seconds(6))
        story.expires()
        #expect(
            story.board.cause(for: .host)?.sentence(story.text)
                == "app orders: stale, no outcome since +200ms (older than 5.0 seconds), "
                + "last good +200ms"
        )
    }

    @Test func `of a drain names owner, since when and why`() {
        var story = Story([.make(orders)])
        story.drains(
            Hold(owner: "ann", reason: "disk", since: 50),
            Hold(owner: "release-7", reason: "v2", since: 60, epoch: 1)
        )
        #expect(
            story.board.cause(for: .host)?.sentence(story.text)
                == "drained by ann since @50: disk; and 1 more hold"
        )
    }

    @Test func `of a check that is held down says until when and why`() {
        var story = Story([.make(orders, rise: 1, fall: 1, holdDown: .standard)])
        for _ in 0..<4 {
            story.hears(.up(), for: orders)
            story.hears(refused, for: orders)
        }
        story.hears(.up(), for: orders)
        let text = story.board.cause(for: .host)?.sentence(story.text) ?? ""
        #expect(text.hasPrefix("app orders: held down until +"))
        #expect(text.contains("after 4 falls, last failed +800ms: refused at upstream"))
    }

    @Test func `that changes while the check stays down is a change, but no transition`() {
        var story = Story([.make(orders)])
        story.hears(refused, for: orders, times: 3)
        #expect(story.hears(refused, for: orders) == nil)
        let change = story.hears(notServing, for: orders)
        #expect(change?.checks.count == 1)
        #expect(change?.checks.first?.isTransition == false)
        #expect(change?.verdicts == [])
    }

    private func blamed(_ cause: Cause?) -> CheckID? {
        if case .check(let report, _) = cause { report.id } else { nil }
    }
}

@Suite struct `An explanation` {
    @Test func `tells the verdict, the cause and how each check counts`() {
        var story = Story([.make(orders), .make(database)])
        story.hears(.up(), for: orders, times: 2)
        story.hears(refused, for: orders, times: 3)
        #expect(
            story.board.report(at: story.now).explanation(story.text) == [
                "host: down since +500ms, answers 503",
                "  because app orders: refused at upstream since +300ms (3 of 3 failed), "
                    + "last good +200ms; connection refused",
                "app orders: down since +500ms, answers 503",
                "  because app orders: refused at upstream since +300ms (3 of 3 failed), "
                    + "last good +200ms; connection refused",
                "checks",
                "  app orders: refused at upstream since +300ms (3 of 3 failed), "
                    + "last good +200ms; connection refused",
                "    effect fail: makes the host down",
                "  upstream orders-db: not yet up, needs 2 passes in a row",
                "    effect inform: counts for nothing, whatever it says",
            ]
        )
    }

    @Test func `tells what is behind the drain`() {
        var story = Story([.make(orders)])
        story.drains(Hold(owner: "ann", reason: "disk", since: 50))
        let lines = story.board.report(at: story.now).explanation(story.text)
        #expect(lines.contains("  drained by ann since @50: disk"))
        #expect(lines.contains("  behind the drain: starting since +0ms"))
        #expect(lines.contains("  not once up since this process started"))
        #expect(lines.contains("    effect fail: keeps the host starting"))
    }

    @Test func `tells what a reload holds`() {
        var story = Story([.make(orders)])
        story.hears(.up(), for: orders, times: 2)
        story.reloads([.make(orders, definition: "other"), .make(web)])
        let lines = story.board.report(at: story.now).explanation(story.text)
        #expect(lines.contains("    effect fail: counts as up, as before the reload"))
        #expect(lines.contains("    effect fail: new since a reload, counts once it has settled"))
    }
}
