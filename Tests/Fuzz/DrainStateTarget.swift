import Gateway
import Loop
import TestSupport

/// The state file: whatever reads as a state is written and read again as the same, and can be
/// asked and changed. The first byte of an input says whether the rest is the whole file, or the
/// content behind a first line that fits it.
struct DrainStateTarget: TextTarget {
    static let name = "drain-state"

    var mutator = Mutator(
        seeds: bodies.map { "c" + $0 } + ["f" + file, "fhealthgate-state 2 0 0\n"],
        pieces: [
            "{", "}", "[", "]", ":", ",", "\"", "null", "true", "-1", "1e99", "0.5", "\\u0000",
            "\\ud800", "9223372036854775807", "-9223372036854775808", "18446744073709551616",
            "\"epoch\":", "\"holds\":[", "\"lease\":", "\"owner\":\"a\"", "\"since\":", " 1 ",
            "healthgate-state", "\n", "\0", "é",
        ],
        seed: 1
    )

    private static let lease =
        #"{"release":"r","epoch":3,"who":"ann@x","version":"v2","plan":"p","heartbeat":5,"ttl":30000}"#
    private static let bodies = [
        #"{"epochs":[],"holds":[],"stoppedCleanly":false}"#,
        #"{"epochs":[{"epoch":3,"release":"r"}],"holds":[{"epoch":3,"owner":"r","reason":"x","#
            + #""since":5}],"lease":"# + lease + #","stoppedCleanly":true}"#,
        #"{"epochs":[],"holds":[{"owner":"a","reason":"b","since":1},{"owner":"c","reason":"d","#
            + #""since":2}],"stoppedCleanly":true}"#,
    ]
    private static let file = String(decoding: wrapped(Array(bodies[0].utf8)), as: UTF8.self)

    mutating func fault(with input: [UInt8]) -> String? {
        guard let first = input.first else { return nil }
        let rest = Array(input.dropFirst())
        do throws(DrainStateFile.Unreadable) {
            let state = try DrainStateFile.decode(
                first == UInt8(ascii: "f") ? rest : Self.wrapped(rest)
            )
            guard let again = try? DrainStateFile.encode(state) else { return "not to be written" }
            guard try DrainStateFile.decode(again) == state else { return "written as another" }
            use(state)
            return nil
        } catch {
            return error.description.isEmpty ? "refused without a reason" : nil
        }
    }

    /// What the admin port does with it.
    private func use(_ state: DrainState) {
        var state = state
        let now = WallTime(milliseconds: 1_700_000_000_000)
        if let hold = state.holds.first {
            _ = hold.since.description
            _ = try? state.remove(hold.owner, confirmed: hold.owner, at: now)
        }
        _ = try? state.add(.init(owner: "me", reason: "x", since: now, epoch: 1))
        guard var lease = state.lease else { return }
        _ = lease.isLive(at: now)
        _ = try? state.take(lease, at: now)
        lease.release = "other"
        _ = try? state.take(lease, at: now)
        _ = try? state.release("other", epoch: lease.epoch)
    }

    /// A file with this content.
    private static func wrapped(_ body: [UInt8]) -> [UInt8] {
        var sum = UInt32.max
        for byte in body {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        let line = "healthgate-state 1 \(String(~sum, radix: 16)) \(body.count)\n"
        return Array(line.utf8) + body + [UInt8(ascii: "\n")]
    }
}
