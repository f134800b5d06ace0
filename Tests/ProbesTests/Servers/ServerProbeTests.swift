import Health
import Loop
import Probes
import TestSupport
import Testing

@Suite @EventLoop struct `A server that never comes to an end` {
    /// Notices of PostgreSQL, which may come at any time and mean nothing to a probe.
    @Test func `is left after so many bytes`() async throws {
        let notice = "N\0\0\u{4}\u{4}" + String(repeating: "x", count: 0x400)
        let server = try ScriptedServer(.greet(String(repeating: notice, count: 5000)))
        let outcome = await ask(ServerTarget(.postgres, depth: .query), server.address)
        #expect(outcome.failure?.reason == .protocol)
        #expect(outcome.failure?.text.hasPrefix("the server says more than any answer has") == true)
    }
}
