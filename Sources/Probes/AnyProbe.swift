import HTTP
package import Loop

/// The table of kinds: a new kind adds its file and its line here.
@EventLoop
package enum AnyProbe {
    package static func make(_ target: ProbeTarget) -> any Probe {
        let blame = Blame(target.through)
        let dial = target.dial
        switch target.kind {
        case .tcp(let exchange):
            return TCPProbe(dial, exchange, blame)
        case .http(let path, let expect):
            return HTTPProbe(
                dial,
                version: .http1,
                path: path,
                authority: target.authority,
                expect,
                blame
            )
        case .h2c(let path, let expect):
            return HTTPProbe(
                dial,
                version: .http2,
                path: path,
                authority: target.authority,
                expect,
                blame
            )
        case .grpc(let service):
            return GRPCProbe(dial, authority: target.authority, service: service, blame)
        }
    }
}
