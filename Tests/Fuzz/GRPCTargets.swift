import GRPC
import Loop
import TestSupport

/// Messages are cut from their stream alike however it is cut, and are what stands in it.
struct GRPCFramingTarget: TextTarget {
    static let name = "grpc-framing"

    var mutator = Mutator(
        seeds: [
            "\0\0\0\0\0", "\0\0\0\0\u{2}\u{8}\u{1}", "\0\0\0\0\u{1}a\0\0\0\0\u{3}bcd",
            "\u{1}\0\0\0\0",
            "\0\0\0\u{1}\0" + String(repeating: "x", count: 256),
        ],
        pieces: ["\0\0\0\0\0", "\0\0\0\0\u{1}a", "\0\0\u{1}\0\0", "\u{7F}\0\0\0", "\u{2}", "\0"],
        seed: 1
    )

    mutating func fault(with input: [UInt8]) -> String? {
        let whole = read([input])
        let cut = read(pieces(of: input))
        guard whole == cut else { return "cut: \(cut)\nbut whole: \(whole)" }
        let framed = whole.messages.flatMap(grpcFramed)
        guard input.starts(with: framed) else { return "other messages than stand in it: \(whole)" }
        guard whole.failure != nil || whole.isInside == (framed.count < input.count) else {
            return "takes the end for what it is not: \(whole)"
        }
        return nil
    }

    private struct Reading: Hashable {
        var messages: [[UInt8]] = []
        var failure: GRPCStatus?
        var isInside = false
    }

    private func read(_ pieces: [[UInt8]]) -> Reading {
        var reading = Reading()
        var deframer = GRPCDeframer(maxMessage: 300)
        do throws(GRPCStatus) {
            for piece in pieces {
                deframer.append(piece)
                while let message = try deframer.next() { reading.messages.append(message) }
            }
        } catch {
            reading.failure = error
        }
        reading.isInside = deframer.isInsideMessage
        return reading
    }
}

/// The messages of `grpc.health.v1`: what is read is written and read again as the same.
struct HealthMessageTarget: TextTarget {
    static let name = "health-messages"

    var mutator = Mutator(
        seeds: [
            "", "\n\u{4}app1", "\u{8}\u{1}", "\n\n\n\u{4}app1\u{12}\u{2}\u{8}\u{1}",
            "\n\u{4}\n\0\u{12}\0\n\u{7}\n\u{1}a\u{12}\u{2}\u{8}\u{2}",
            "\u{9}12345678\u{15}1234\u{18}\u{7F}\n\u{1}a",
        ],
        pieces: [
            "\n", "\u{8}", "\u{12}", "\u{1}", "\u{7F}", "\u{80}", "\0", "\n\0", "\u{12}\0", "\u{B}",
            "é",
        ],
        seed: 1
    )

    mutating func fault(with input: [UInt8]) -> String? {
        if let service = try? HealthMessages.service(input),
            (try? HealthMessages.service(HealthMessages.request(service))) != service
        {
            return "service \(service) written and read is another"
        }
        if let status = try? HealthMessages.status(input),
            (try? HealthMessages.status(HealthMessages.response(status))) != status
        {
            return "status \(status) written and read is another"
        }
        guard let list = try? HealthMessages.statuses(input) else { return nil }
        let again = try? HealthMessages.statuses(HealthMessages.list(list))
        guard let again, list.elementsEqual(again, by: { $0 == $1 }) else {
            return "list \(list) written and read is another"
        }
        return nil
    }
}
