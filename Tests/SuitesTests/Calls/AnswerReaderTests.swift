import GRPC
import HTTP
import TestSupport
import Testing

@testable import Suites

@Suite struct `The reader of an answer` {
    private static let head: HTTPHeaders = [
        "content-type": "application/grpc", "grpc-encoding": "gzip",
    ]

    private func read(_ pieces: [[UInt8]], head: HTTPHeaders = head) -> CallRecord {
        var limits = CallLimits()
        limits.message = 2000
        var reader = AnswerReader(streamsAnswers: true, limits: limits)
        reader.head(200, head, isWhole: false)
        for piece in pieces {
            reader.append(piece)
            while reader.next() != nil {}
        }
        reader.finish(["grpc-status": "0"])
        return reader.record
    }

    /// Altered everywhere, and cut everywhere: a status always, the same however it comes.
    @Test func `takes any bytes at all`() throws {
        let packed = try Gzip.compress([UInt8](repeating: 1, count: 100))
        let answer =
            grpcFramed([1, 2]) + grpcFramed(packed, isCompressed: true) + grpcFramed([3])
        #expect(read([answer]).messages.count == 3)
        var violations: Set<CallStatus.Violation> = []
        for index in answer.indices {
            for value in [0, 1, 2, 0x7f, 0x80, 0xff] as [UInt8] {
                var altered = answer
                altered[index] = value
                let whole = read([altered])
                #expect(whole.status != nil)
                #expect(read(altered.map { [$0] }) == whole)
                #expect(read([Array(altered[..<index]), Array(altered[index...])]) == whole)
                if case .client(.violation(let violation))? = whole.status?.source {
                    violations.insert(violation)
                }
            }
        }
        #expect(
            violations == [.unknownFlag, .messageTooLarge, .insideMessage, .brokenCompression]
        )
    }

    @Test(arguments: [
        ("application/grpc", true), ("application/grpc+proto", true),
        ("Application/gRPC; charset=utf-8", true), ("application/grpc+json", false),
        ("application/grpc-web", false), ("", false), (";", false), (nil, false),
    ])
    func `knows gRPC by its content-type`(type: String?, isGRPC: Bool) {
        var head: HTTPHeaders = [:]
        if let type { head.add("content-type", type) }
        let status = read([grpcFramed([1])], head: head).status
        #expect(status?.isOK == isGRPC)
        if !isGRPC { #expect(status?.source == .client(.violation(.contentType(type)))) }
    }

    @Test func `keeps the first end alone`() {
        var reader = AnswerReader(streamsAnswers: true, limits: CallLimits())
        reader.head(200, Self.head, isWhole: false)
        reader.finish(["grpc-status": "5"])
        let first = reader.record
        reader.append(grpcFramed([1]))
        #expect(reader.next() == nil)
        reader.finish(["grpc-status": "0"])
        reader.end(CallStatus(.noStatus, ""))
        #expect(reader.record == first && first.status?.code == .notFound)
    }

    @Test func `takes a code of which gRPC knows no name`() {
        var reader = AnswerReader(streamsAnswers: true, limits: CallLimits())
        reader.head(200, Self.head, isWhole: false)
        reader.finish(["grpc-status": "9999"])
        #expect(reader.record.status?.source == .server)
        #expect(reader.record.status?.code.rawValue == 9999)
    }
}
