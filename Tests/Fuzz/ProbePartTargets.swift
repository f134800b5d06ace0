// Parts of machines that are the Probes module's own: see HTTP2Target.swift.
#if DEBUG || LIBFUZZER
    import Loop
    import TestSupport

    @testable import Probes

    @EventLoop let probePartTargets: [any FuzzTarget.Type] = [
        SCRAMTarget.self, BSONTarget.self, RESPTarget.self,
    ]

    /// The server's two messages, a line each; a server that does not know the password never
    /// proves that it does.
    struct SCRAMTarget: TextTarget {
        static let name = "scram"
        var mutator = Mutator(
            seeds: [
                "r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2\nv=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
                "r=abcdef,s=QQ==,i=1\ne=other-error",
            ],
            pieces: ["r=abc", "s=", "i=", "v=", "e=", ",", "=", "\n", "0", "-1", "1000001", "A"],
            seed: 1
        )

        mutating func fault(with input: [UInt8]) -> String? {
            let lines = String(decoding: input, as: UTF8.self)
                .split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            guard lines.count == 2 else { return nil }
            var exchange = SCRAM(user: "", password: "pencil", nonce: "abc")
            guard let answer = try? exchange.final(after: String(lines[0])) else { return nil }
            guard answer.hasPrefix("c=biws,r=abc") else { return "answers \(answer)" }
            guard (try? exchange.verify(String(lines[1]))) == nil else { return "is fooled" }
            return nil
        }
    }

    /// Documents, read in bounded time and depth.
    struct BSONTarget: TextTarget {
        static let name = "bson"
        var mutator = Mutator(
            seeds: ProbeExchange.mongodb.map { Array($0.said[0].dropFirst(21)) },
            pieces: (0...0x13).map { [$0, 0x61, 0] } + [[0, 0, 0, 0], [0xff, 0xff, 0xff, 0x7f]]
        )

        mutating func fault(with input: [UInt8]) -> String? {
            guard let document = try? BSON(input[...]) else { return nil }
            return document.fields.count <= input.count ? nil : "more fields than bytes"
        }
    }

    /// Replies read alike however they are cut.
    struct RESPTarget: TextTarget {
        static let name = "resp"
        var mutator = Mutator(
            seeds: ProbeExchange.redis.map { $0.said.flatMap(\.self) },
            pieces: ["*2\r\n", "$3\r\nabc\r\n", "+a\r\n", "-e\r\n", ":1\r\n", "$-1\r\n", "*-1\r\n"]
                .map { Array($0.utf8) }
        )

        mutating func fault(with input: [UInt8]) -> String? {
            let whole = read([input])
            let cut = read(pieces(of: input))
            // A fault within the last line may be told only when the line ends.
            guard whole == cut || read([input, Array("\r\n".utf8)]) == cut else {
                return "cut: \(cut)\nbut whole: \(whole)"
            }
            return nil
        }

        private struct Reading: Hashable {
            var replies: [RESP] = []
            var isMalformed = false
        }

        private func read(_ pieces: [[UInt8]]) -> Reading {
            var reading = Reading()
            var reader = RESPReader()
            do throws(RESPReader.Malformed) {
                for piece in pieces {
                    reader.add(piece)
                    while let reply = try reader.next() { reading.replies.append(reply) }
                }
            } catch {
                reading.isMalformed = true
            }
            return reading
        }
    }
#else
    import Loop

    @EventLoop let probePartTargets: [any FuzzTarget.Type] = []
#endif
