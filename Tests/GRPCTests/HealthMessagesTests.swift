import GRPC
import Testing

@Suite struct `The health messages` {
    @Test func `have the bytes that protoc's code writes`() {
        #expect(HealthMessages.request("") == [])
        #expect(HealthMessages.request("ab") == [0x0a, 2, 0x61, 0x62])
        #expect(HealthMessages.response(.serving) == [0x08, 1])
        #expect(HealthMessages.response(.unknown) == [])
        #expect(
            HealthMessages.list([("a", .notServing)])
                == [0x0a, 7, 0x0a, 1, 0x61, 0x12, 2, 0x08, 2]
        )
    }

    @Test(arguments: ["", "shop.v1.Orders", String(repeating: "x", count: 1000)])
    func `carry a service`(name: String) throws {
        #expect(try HealthMessages.service(HealthMessages.request(name)) == name)
    }

    @Test func `carry a list`() throws {
        let sent: [(service: String, status: ServingStatus)] = [
            ("", .serving), ("a", .notServing), ("b", .unknown),
        ]
        let read = try HealthMessages.statuses(HealthMessages.list(sent))
        #expect(read.map(\.service) == sent.map(\.service))
        #expect(read.map(\.status) == sent.map(\.status))
    }

    @Test func `pass over fields of a newer version`() throws {
        let newer: [UInt8] = [0x10, 5, 0x1d, 1, 2, 3, 4, 0x21, 1, 2, 3, 4, 5, 6, 7, 8, 0x2a, 1, 9]
        #expect(try HealthMessages.status(newer + [0x08, 1]) == .serving)
        #expect(try HealthMessages.status([0x08, 77]).description == "STATUS_77")
    }

    @Test(
        arguments: [
            [0x08], [0x0a, 5, 1], [0x0b], [0x00, 1], [0x0f], [0x0d, 1],
            [0x08] + Array(repeating: 0x80, count: 11),
            [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
            [0x0a, 1, 0xff],
        ] as [[UInt8]]
    )
    func `that cannot be read are refused`(bytes: [UInt8]) {
        #expect(throws: GRPCStatus.self) { try HealthMessages.service(bytes) }
    }
}
