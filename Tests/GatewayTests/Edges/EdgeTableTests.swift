import Gateway
import Loop
import Testing

@Suite struct `The table of edge checkers` {
    var table = EdgeTable(most: 3)
    let start = ContinuousClock.now

    private func poll(_ row: EdgeTable.Row, from: Double, every: Double, times: Int, drain: Int = 0)
    {
        for index in 0..<times {
            row.polled(
                at: BootTime(start + .seconds(from + Double(index) * every)),
                status: drain == 0 ? 200 : 503,
                drain: drain
            )
        }
    }

    @Test mutating func `counts whoever polled three times`() {
        let row = table.row(.init(name: "east", authority: "app"), at: start)
        poll(row, from: 0, every: 1, times: 2)
        #expect(table.checkers.isEmpty)
        poll(row, from: 2, every: 1, times: 1)
        #expect(table.checkers.map(\.identity.name) == ["east"])
        #expect(row.period == .seconds(1))
        #expect(row.lastStatus == 200)
    }

    @Test mutating func `tells clusters of one edge apart, and finds a row again`() {
        let one = table.row(.init(name: "east", authority: "app1"), at: start)
        let two = table.row(.init(name: "east", authority: "app2"), at: start)
        #expect(one !== two)
        let again = table.row(.init(name: "east", authority: "app1"), at: start)
        #expect(again === one)
    }

    @Test mutating func `waits for those alone that live and were not told`() {
        let told = table.row(.init(name: "told", authority: "app"), at: start)
        let late = table.row(.init(name: "late", authority: "app"), at: start)
        let gone = table.row(.init(name: "gone", authority: "app"), at: start)
        poll(gone, from: 0, every: 1, times: 5)
        poll(told, from: 10, every: 1, times: 5)
        poll(late, from: 10, every: 1, times: 5)
        poll(told, from: 15, every: 1, times: 1, drain: 7)
        let now = start + .seconds(15.5)
        #expect(table.untold(of: 7, at: now).map(\.identity.name) == ["late"])
        #expect(gone.isGone(at: now))
        #expect(told.wasTold(of: 7) == true)
        #expect(told.wasTold(of: 8) == false)
    }

    @Test mutating func `says of the shared row that told is unknown`() {
        let row = table.row(.init(name: nil, authority: "app"), at: start)
        poll(row, from: 0, every: 1, times: 3, drain: 1)
        #expect(row.wasTold(of: 1) == nil)
        #expect(table.untold(of: 1, at: start + .seconds(2)).isEmpty)
    }

    @Test mutating func `is bounded, and a row that is gone makes room`() {
        var places: [EdgeTable.Place] = []
        for name in ["a", "b", "c"] {
            let row = table.row(.init(name: name, authority: ""), at: start)
            poll(row, from: name == "b" ? -100 : 0, every: 1, times: 4)
            places.append(row.place)
        }
        let new = table.row(.init(name: "d", authority: ""), at: start + .seconds(3))
        poll(new, from: 3, every: 0.1, times: 4)
        #expect(table.checkers.map(\.identity.name) == ["a", "c", "d"])
        let tooMany = table.row(.init(name: "e", authority: ""), at: start + .seconds(3))
        #expect(tooMany.identity.name == nil)
        // Whoever kept the place of the row that made room does not count for the new one.
        #expect(table.row(at: places[0])?.identity.name == "a")
        #expect(table.row(at: places[1]) == nil)
        #expect(table.row(at: new.place) === new)
    }
}
