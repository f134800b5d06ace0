import Testing
import World

@Suite struct `A demo message` {
    @Test func `is the bytes that protobuf would write`() {
        var message = DemoMessage(id: 300, text: "hi")
        message.index = 1
        #expect(message.bytes == [0x08, 0xac, 0x02, 0x12, 0x02, 0x68, 0x69, 0x40, 0x01])
    }

    @Test func `comes back as it went, with every field`() {
        var message = DemoMessage(id: .max, text: "grüße")
        message.app = "app1"
        message.host = "east-1"
        message.version = "v2"
        message.count = 60
        message.everyMs = 100
        message.index = 59
        #expect(DemoMessage(message.bytes) == message)
    }

    @Test func `skips fields it does not know`() {
        let unknown: [UInt8] = [0x58, 0x01, 0x62, 0x01, 0x61, 0x6d, 1, 2, 3, 4]
        #expect(DemoMessage(unknown + DemoMessage(id: 7).bytes) == DemoMessage(id: 7))
    }

    @Test(arguments: [[0x08], [0x12, 0x05, 0x61], [0x0b], [UInt8](repeating: 0xff, count: 20)])
    func `is none when the bytes are torn or wrong`(bytes: [UInt8]) {
        #expect(DemoMessage(bytes) == nil)
    }
}

@Suite struct `A fault` {
    @Test(arguments: Fault.names) func `is read by its name and said by it`(name: String) throws {
        let fault = try #require(Fault(name))
        #expect(Fault(fault.description) == fault)
    }

    @Test(arguments: ["", "nonsense", "crash=1s", "exit-after", "exit-after=5", "slow=-1s"])
    func `is none for a name or a time that does not exist`(name: String) {
        #expect(Fault(name) == nil)
    }
}
