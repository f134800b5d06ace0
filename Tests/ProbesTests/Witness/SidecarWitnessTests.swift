import Health
import Loop
import Probes
import Testing

@EventLoop
@Suite(.timeLimit(.minutes(1))) struct `A real sidecar asked about a failure beyond it` {
    private let banner = ProbeTarget.Kind.tcp(expect: "220")

    @Test func `tells a refusal, silence before and after the connect, and nobody there`()
        async throws
    {
        let silent = try ScriptedServer(.silent)
        let full = try FullBacklog()
        let nobody = try ScriptedServer.nobody()
        let sidecar = try await Sidecar([
            "db-gone": nobody, "db-hanging": full.address, "db-waiting": full.address,
            "db-mute": silent.address, "db-empty": nobody,
        ])
        defer { sidecar.stop() }
        let witness = SidecarWitness(admin: try sidecar.admin)
        defer { witness.close() }

        let gone = try await judge("db-gone", sidecar, witness)
        #expect(gone.reason == .upstreamRefused)
        #expect(gone.text.contains("cluster db-gone cannot connect to \(nobody) (1 failed"))
        // Envoy gives the connect up after 0.1 s and closes.
        let hanging = try await judge("db-hanging", sidecar, witness)
        #expect(hanging.reason == .upstreamTimeout)
        #expect(hanging.text.contains("cluster db-hanging gets no answer from \(full.address)"))
        // Envoy would wait for 15 s.
        let waiting = try await judge("db-waiting", sidecar, witness, .milliseconds(300))
        #expect(waiting.reason == .upstreamTimeout)
        #expect(waiting.text.contains("still waits for \(full.address) to accept"))
        let mute = try await judge("db-mute", sidecar, witness, .milliseconds(300))
        #expect(mute.reason == .timeout)
        #expect(mute.text.contains("is connected to \(silent.address), which says nothing"))
        let empty = try await judge("db-empty", sidecar, witness)
        #expect(empty.reason == .upstreamRefused)
        #expect(empty.text.contains("cluster db-empty has no host"))
        for failure in [gone, hanging, waiting, mute, empty] { #expect(failure.hop == .upstream) }
    }

    @Test func `tells a listener that is missing from a sidecar that is gone`() async throws {
        let sidecar = try await Sidecar(["db-gone": try ScriptedServer.nobody()])
        let witness = SidecarWitness(admin: try sidecar.admin)
        defer { witness.close() }
        let nowhere = Endpoint(try ScriptedServer.nobody())
        let missing = await judge(nowhere, witness, .seconds(20))
        #expect(missing.reason == .sidecarRefused)
        #expect(missing.hop == .sidecar)
        #expect(missing.text.contains("the sidecar runs and has no listener at \(nowhere)"))
        #expect(missing.text.contains(try sidecar["db-gone"].description))
        sidecar.stop()
        let other = SidecarWitness(admin: try sidecar.admin)
        defer { other.close() }
        let dead = await judge(nowhere, other, .seconds(20))
        #expect(dead.reason == .sidecarRefused)
        #expect(dead.text.contains("does not answer either"))
    }

    private func judge(
        _ name: String,
        _ sidecar: Sidecar,
        _ witness: SidecarWitness,
        _ patience: Duration = .seconds(20)
    ) async throws -> Outcome.Failure {
        await judge(Endpoint(try sidecar[name]), witness, patience)
    }

    private func judge(
        _ listener: Endpoint,
        _ witness: SidecarWitness,
        _ patience: Duration
    ) async -> Outcome.Failure {
        let probe = AnyProbe.make(ProbeTarget(banner, listener, through: .sidecar))
        defer { probe.close() }
        let outcome = await probe.run(until: .now + patience)
        guard let failure = outcome.failure else {
            return Outcome.Failure(.internal, "it is up")
        }
        return await witness.hear(failure, of: listener, until: soon())
    }
}
