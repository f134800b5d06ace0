import Glibc
import Health
import Loop
import Probes
import Testing

@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `A disk probe` {
    private let space = DiskSpace(
        freeBytes: 3 << 30,
        bytes: 40 << 30,
        freeInodes: 900,
        inodes: 10_000
    )

    private func judge(
        _ expect: ProbeTarget.Disk.Room,
        _ below: ProbeTarget.Disk.Room = .init(),
        _ space: DiskSpace? = nil
    ) -> Outcome.Result {
        ProbeTarget.Disk("/", expect: expect, degradedBelow: below).judge(space ?? self.space).0
    }

    private func full(_ words: String) -> Outcome.Result { .failed(Outcome.Failure(.full, words)) }

    @Test func `fails below what is expected, and is degraded below more`() {
        #expect(judge(.init()) == .up)
        #expect(judge(.init(free: .count(3 << 30), inodes: .count(900))) == .up)
        #expect(judge(.init(free: .share(0.075), inodes: .share(0.09))) == .up)
        #expect(judge(.init(free: .count(3 << 30 + 1))) == full("3GiB free, expected: 3GiB"))
        #expect(judge(.init(free: .share(0.1))) == full("3GiB free, expected: 10%"))
        #expect(judge(.init(inodes: .count(1000))) == full("900 inodes free, expected: 1000"))
        #expect(
            judge(.init(free: .share(0.5), inodes: .share(0.5)))
                == full("3GiB free, expected: 50%; 900 inodes free, expected: 50%")
        )
        let more = ProbeTarget.Disk.Room(free: .count(5 << 30))
        #expect(
            judge(.init(free: .count(1 << 30)), more) == .degraded("3GiB free, expected: 5GiB")
        )
        #expect(judge(.init(free: .count(4 << 30)), more) == full("3GiB free, expected: 4GiB"))
    }

    @Test func `wants no inodes where there is no number of them`() {
        let endless = DiskSpace(freeBytes: 1, bytes: 2, freeInodes: 0, inodes: 0)
        #expect(judge(.init(inodes: .count(10)), .init(inodes: .share(0.5)), endless) == .up)
    }

    @Test(arguments: [
        (3 << 30, "3GiB of 40GiB free (7.5%), 900 of 10000 inodes"),
        (1_610_612_736, "1.5GiB of 40GiB free (3.7%), 900 of 10000 inodes"),
        (0, "0B of 40GiB free (0%), 900 of 10000 inodes"),
        (Int.max, "8388607TiB of 40GiB free (100%), 900 of 10000 inodes"),
    ])
    func `tells what there is`(free: Int, words: String) {
        var space = space
        space.freeBytes = free
        #expect(ProbeTarget.Disk("/").judge(space).detail == words)
        space.isReadOnly = true
        #expect(ProbeTarget.Disk("/").judge(space).detail == words + ", read-only")
    }

    @Test func `sees what the system sees`() async throws {
        let stat = try await Subprocess.run(
            ["stat", "--file-system", "--format=%S %b %f %c", "/"],
            until: soon()
        )
        let numbers = stat.output.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        try #require(numbers.count == 4)
        let space = try DiskSpace.read("/")
        #expect(space.inodes == numbers[3])
        #expect(space.bytes <= numbers[0] * numbers[1])
        #expect(space.freeBytes <= space.bytes)
        let outcome = await AnyProbe.make(ProbeTarget(.disk(.init("/")))).run(until: soon())
        #expect(outcome.result == .up)
        #expect(outcome.detail.contains(" free ("), "\(outcome)")
    }

    @Test func `fails where there is no such path`() async {
        let target = ProbeTarget(.disk(.init("/no/such/path")))
        let failure = await AnyProbe.make(target).run(until: soon()).failure
        #expect(failure?.reason == .status)
        #expect(failure?.text == "/no/such/path: No such file or directory")
    }

    @Test func `ends at its deadline, and leaves what hangs to one thread of its own`() async throws
    {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        defer { close(ends[0]) }
        let reader = ends[0]
        let probe = DiskProbe(.init("/hanging")) { _ in
            var byte: UInt8 = 0
            // Until the other end is closed.
            _ = Glibc.read(reader, &byte, 1)
            return .failure(LoopError(.system, "back"))
        }
        let late = await probe.run(until: shortly())
        #expect(late.failure?.reason == .timeout, "\(late)")
        #expect(late.failure?.text == "look at /hanging: no answer in time")
        let again = await probe.run(until: soon())
        #expect(again.failure?.text == "the file system has not answered for 0 s")
        close(ends[1])
        var back = await probe.run(until: soon()).failure
        while back?.reason == .timeout {
            try await EventLoop.sleep(for: .milliseconds(1))
            back = await probe.run(until: soon()).failure
        }
        #expect(back?.text == "back")
    }
}
