import GRPC
import Testing

@Suite struct `The gRPC deframer` {
    let messages: [[UInt8]] = [[], [1], Array(repeating: 7, count: 300), [], [2, 3]]

    @Test(arguments: [1, 2, 5, 7, 1000])
    func `finds the messages however they are cut`(size: Int) throws {
        var deframer = GRPCDeframer()
        let bytes = messages.flatMap(grpcFramed)
        var found: [[UInt8]] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            deframer.append(bytes[start..<min(start + size, bytes.count)])
            while let message = try deframer.next() { found.append(message) }
        }
        #expect(found == messages)
        #expect(!deframer.isInsideMessage)
    }

    @Test func `knows that a message is incomplete`() throws {
        var deframer = GRPCDeframer()
        deframer.append(grpcFramed([1, 2, 3]).dropLast())
        #expect(try deframer.next() == nil)
        #expect(deframer.isInsideMessage)
    }

    @Test func `refuses a message over the bound by its length alone`() {
        var deframer = GRPCDeframer(maxMessage: 100)
        deframer.append([0, 0, 0, 0, 101])
        #expect { try deframer.next() } throws: {
            ($0 as? GRPCStatus)?.code == .resourceExhausted
        }
    }

    @Test(arguments: [(UInt8(1), GRPCStatus.Code.unimplemented), (2, .internal), (255, .internal)])
    func `refuses the flag`(flag: UInt8, code: GRPCStatus.Code) {
        var deframer = GRPCDeframer()
        deframer.append([flag, 0, 0, 0, 0])
        #expect { try deframer.next() } throws: { ($0 as? GRPCStatus)?.code == code }
    }

    @Test func `hands over a compressed message to those who ask for it`() throws {
        var deframer = GRPCDeframer()
        deframer.append(grpcFramed([1, 2], isCompressed: true) + grpcFramed([3]))
        let first = try #require(try deframer.nextFrame())
        #expect(first.isCompressed && first.bytes == [1, 2])
        #expect(try deframer.nextFrame()?.isCompressed == false)
        #expect(try deframer.nextFrame() == nil)
    }
}
