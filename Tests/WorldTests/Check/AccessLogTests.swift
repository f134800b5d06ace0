import Testing
import World

@Suite struct `An access log` {
    private let good = #"{"status":200,"grpc_status":0,"flags":"-","host":"127.0.1.1:10000"}"#

    @Test func `has a line a call, and knows which a host was chosen for`() {
        let none =
            #"{"status":503,"grpc_status":14,"flags":"UH","host":null,"details":"no_healthy"}"#
        let log = AccessLog([good, good, none, ""].joined(separator: "\n"))
        #expect(log.lines == 3)
        #expect(log.routed == 2)
        #expect(log.bad == 1)
        #expect(log.failures == ["no host, HTTP 503, grpc-status 14, UH, no_healthy": 1])
    }

    @Test func `counts an answer without a gRPC status as a bad end`() {
        let cut = #"{"status":200,"grpc_status":null,"flags":"UR","host":"127.0.1.1:10000"}"#
        #expect(AccessLog(cut).bad == 1)
    }

    @Test func `counts a line that cannot be read`() {
        #expect(AccessLog("{torn").bad == 1)
    }
}
