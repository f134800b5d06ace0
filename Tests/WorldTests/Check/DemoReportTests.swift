import Testing
import World

@Suite struct `A demo report` {
    private func clean() -> DemoReport {
        var report = DemoReport()
        report.hosts = ["east-1", "west-1"]
        report.released = report.hosts
        for host in report.hosts {
            for version in ["v1", "v2"] {
                report.tally.callSent()
                report.tally.callEnded(.served(host: host, version: version))
            }
        }
        report.tally.streamOpened()
        report.tally.streamEnded(.served(host: "east-1", version: "v1"))
        report.duration = .milliseconds(10)
        report.frontRequests = 5
        report.upstreamRequests = 5
        let line = #"{"status":200,"grpc_status":0,"host":"127.0.1.1:10000"}"# + "\n"
        report.log = AccessLog(String(repeating: line, count: 5))
        return report
    }

    @Test func `ends with the one line that says nothing was lost`() {
        let report = clean()
        #expect(report.problems == [])
        #expect(
            report.lastLine
                == "released v2 on 2 of 2 hosts: 5 requests, 0 failed; 1 streams, 0 cut"
        )
    }

    @Test func `is not clean when the load lost a call that the log calls good`() {
        var report = clean()
        report.tally.callSent()
        report.tally.callEnded(.failed("DEADLINE_EXCEEDED"))
        #expect(!report.isClean)
        #expect(report.problems.contains { $0.contains("1 calls failed") })
        #expect(report.problems.contains { $0.contains("counters say 5 requests, the load 6") })
    }

    @Test func `is not clean when a host served only one version`() {
        var report = clean()
        report.tally = Tally()
        report.tally.callEnded(.served(host: "east-1", version: "v2"))
        #expect(report.problems.contains("served nothing at v2: west-1"))
        #expect(report.problems.contains("served nothing at v1: east-1, west-1"))
    }

    @Test func `is not clean when the driver failed, whatever the users saw`() {
        var report = clean()
        report.releaseFailure = "the driver ended with exit code 1"
        #expect(!report.isClean)
        #expect(!report.lastLine.hasPrefix("released"))
    }

    @Test func `is not clean when the load fell behind its clock`() {
        var report = clean()
        for _ in 0..<98 { report.lag.record(.zero) }
        for _ in 0..<2 { report.lag.record(.seconds(1)) }
        #expect(report.problems.contains { $0.contains("lagged") })
    }

    @Test func `is not clean when a stream lived over no drain`() {
        var report = clean()
        report.streamsOverNone = 1
        #expect(!report.isClean)
        report.expectsDrains = false
        #expect(report.isClean)
    }
}
