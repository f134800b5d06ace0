import GRPC
import HTTP
import Testing

@Suite struct `A gRPC status` {
    @Test(arguments: [
        "", "plain words", "100 % sure", "naïve – 日本", "line\nbreak\u{7f}", " ends ", " ",
    ])
    func `carries any message through its trailers`(message: String) throws {
        let status = GRPCStatus(.notFound, message)
        let trailers = status.trailers
        #expect(GRPCStatus(trailers: trailers) == status)
        let sent = trailers["grpc-message"] ?? ""
        #expect(sent.utf8.allSatisfy { (0x20...0x7e).contains($0) })
        #expect(sent.first != " " && sent.last != " ")
    }

    @Test(arguments: [
        ("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("%41%", "A%"), ("%e4", "\u{fffd}"),
    ])
    func `reads a broken escape as it stands`(sent: String, read: String) {
        let status = GRPCStatus(trailers: ["grpc-status": "2", "grpc-message": sent])
        #expect(status?.message == read)
    }

    @Test func `that is no number is no success`() {
        #expect(GRPCStatus(trailers: ["grpc-status": "OK"])?.code == .unknown)
        #expect(GRPCStatus(trailers: ["grpc-status": "99"])?.code.description == "CODE_99")
        #expect(GRPCStatus(trailers: [:]) == nil)
    }

    @Test(arguments: [
        (400, GRPCStatus.Code.internal), (401, .unauthenticated), (403, .permissionDenied),
        (404, .unimplemented), (429, .unavailable), (502, .unavailable), (503, .unavailable),
        (504, .unavailable), (200, .unknown), (418, .unknown),
    ])
    func `is made of an HTTP status by gRPC's table`(http: Int, code: GRPCStatus.Code) {
        #expect(GRPCStatus(httpStatus: http).code == code)
    }
}

@Suite struct `A grpc-timeout` {
    @Test(arguments: [
        ("1H", Duration.seconds(3600)), ("2M", .seconds(120)), ("30S", .seconds(30)),
        ("250m", .milliseconds(250)), ("7u", .microseconds(7)),
        ("99999999n", .nanoseconds(99_999_999)),
    ])
    func `is read`(text: String, duration: Duration) {
        #expect(GRPCTimeout.parse(text) == duration)
    }

    @Test(arguments: ["", "S", "1", "1s", "-1S", "+1S", "123456789S", "1.5S", "1 S", "١S", "1SS"])
    func `is refused when malformed`(text: String) {
        #expect(GRPCTimeout.parse(text) == nil)
    }

    @Test(arguments: [
        Duration.zero, .nanoseconds(1), .milliseconds(250), .seconds(99), .seconds(100),
        .seconds(9999), .seconds(10_000), .seconds(99_999_999),
    ])
    func `is written so that it reads back no shorter`(duration: Duration) throws {
        let read = try #require(GRPCTimeout.parse(GRPCTimeout.format(duration)))
        #expect(read >= duration)
        #expect(read <= duration + .seconds(1))
    }

    @Test func `of a deadline that has passed is zero`() {
        #expect(GRPCTimeout.format(.seconds(-5)) == "0u")
    }
}
