import Glibc
import Loop

extension Scenario {
    /// The driver itself is killed, stopped or replaced.
    static let killedDrivers = [
        Scenario(
            "driver-killed",
            "a driver killed after each step leaves the host drained; resume finishes the release"
        ) { stage in
            try await stage.begin()
            let places = [
                "west-1 guard:", "west-1 drain:", "west-1 stop:", "west-1 proxy:",
                "west-1 start:", "west-2 drain:", "west-2 undrain:",
            ]
            var driver = try stage.release()
            for (number, place) in places.enumerated() {
                try await driver.hasSaid(place)
                driver.kill()
                _ = try await driver.exit()
                // Also from a machine that knows nothing of what was done.
                if !number.isMultiple(of: 2) { SmallFiles.remove(stage.layout.journalFile) }
                driver = try stage.drive("resume", ["--yes"])
            }
            try await stage.expectExit(driver, 0)
            try stage.expectVersions([
                "west-1": "v2", "west-2": "v2", "east-1": "v2", "east-2": "v2",
            ])
            try await stage.expectServing(stage.hostNames)
            try await stage.expectNothingLost()
        },
        Scenario(
            "driver-killed-at-actions",
            "a driver killed before each action, and after each before its record, leaves no unproved "
                + "version in rotation; resume finishes, also without the journal"
        ) { stage in
            try await stage.begin()
            var driver: DriverProcess?
            for verb in ["pull", "stop", "start-proxy", "start-apps"] {
                for point in [KillPoint(verb, isAfter: false), KillPoint(verb, isAfter: true)] {
                    try point.set(in: stage.layout)
                    let isFirst = driver == nil
                    let next = try isFirst ? stage.release() : stage.drive("resume", ["--yes"])
                    driver = next
                    let exit = try await next.exit()
                    stage.expect(
                        exit == .signal(SIGKILL) && !point.isSet(in: stage.layout),
                        "the driver was not killed \(point): \(exit)"
                    )
                    // What runs on the host that is out was not proved: its holds must keep it out.
                    // The first pull is made before any host is drained, the next for the host itself.
                    let isPreparing = point == KillPoint("pull", isAfter: false)
                    try await stage.expectServing(
                        isPreparing ? stage.hostNames : ["east-1", "east-2", "west-2"]
                    )
                    if point.isAfter { SmallFiles.remove(stage.layout.journalFile) }
                }
            }
            try await stage.expectExit(try stage.drive("resume", ["--yes"]), 0)
            try stage.expectVersions([
                "west-1": "v2", "west-2": "v2", "east-1": "v2", "east-2": "v2",
            ])
            try await stage.expectServing(stage.hostNames)
            try await stage.expectNothingLost()
        },
        Scenario(
            "driver-killed-then-abort",
            "abort after a killed driver ends in a known state with nothing lost"
        ) { stage in
            try await stage.begin()
            let driver = try stage.release()
            try await driver.hasSaid("west-1 stop:")
            driver.kill()
            _ = try await driver.exit()
            let abort = try stage.drive("abort")
            let exit = try await abort.exit()
            stage.expect(
                [.code(4), .code(1)].contains(exit),
                "abort ended with \(exit)"
            )
            try stage.expectVersions(["west-1": nil, "west-2": "v1"])
            try await stage.expectServing(["east-1", "east-2", "west-2"])
            try await stage.expectNothingLost()
        },
        Scenario(
            "driver-stopped",
            "a driver that wakes after a takeover changes nothing and exits 3"
        ) { stage in
            try await stage.begin()
            let first = try stage.release()
            try await first.hasSaid("west-1 drain:")
            first.signal(SIGSTOP)
            // A live lease is not taken over: wait until it has run out.
            var second = try stage.drive("resume", ["--yes"])
            while try await second.exit() == .code(3) {
                try await EventLoop.sleep(for: .seconds(1))
                second = try stage.drive("resume", ["--yes"])
            }
            try await stage.expectExit(second, 0)
            first.signal(SIGCONT)
            try await stage.expectExit(first, 3)
            try await stage.expectServing(stage.hostNames)
            try await stage.expectNothingLost()
        },
        Scenario(
            "two-drivers",
            "a second run is told who holds the lock, and exits 3"
        ) { stage in
            try await stage.begin()
            let first = try stage.release()
            try await first.hasSaid("west-1 guard:")
            let second = try stage.release()
            try await stage.expectExit(second, 3)
            stage.expect(second.text.contains("lock is held by"), "the holder is not named")
            try await stage.expectExit(first, 0)
            try await stage.expectNothingLost()
        },
        Scenario(
            "interrupted",
            "SIGTERM leaves the host drained and exits 4; resume finishes"
        ) { stage in
            try await stage.begin()
            let first = try stage.release()
            try await first.hasSaid("west-1 proxy:")
            first.signal(SIGTERM)
            try await stage.expectExit(first, 4)
            try await stage.expectServing(["east-1", "east-2", "west-2"])
            let second = try stage.drive("resume", ["--yes"])
            try await stage.expectExit(second, 0)
            try await stage.expectNothingLost()
        },
    ]
}
