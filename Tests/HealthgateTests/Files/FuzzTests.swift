import TestSupport
import Testing
import YAML
import healthgate

@Suite struct `Fuzzed bytes of a configuration file` {
    @Test func `are read, or refused at a place within the file`() {
        let fuzz = Fuzz(
            seeds: [`A gateway file`.full, plan],
            pieces: [
                "{", "}", "[", "]", ": ", "\n", "-1", "99999999999999999999", "~", "&a", "*a",
            ],
            rounds: 200
        )
        fuzz.run { bytes in
            do throws(YAMLError) {
                _ = try FileSummary(bytes, file: "f")
            } catch {
                // A line may end in CR as well, and libyaml knows the breaks of Unicode.
                #expect(!error.problems.isEmpty)
                #expect(error.problems.allSatisfy { (1...bytes.count + 1) ~= $0.place.line })
            }
        }
    }
}
