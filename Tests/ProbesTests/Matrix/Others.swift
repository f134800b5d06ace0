import HTTP
import Loop
import Probes
import Testing

/// Who else may be where a server should be.
@EventLoop
final class Others {
    private let hole: FullBacklog
    private let mail: ScriptedServer
    private let web: HTTPServer

    init() throws {
        mail = try ScriptedServer(.greet("220 mail.example ready\r\n"))
        hole = try FullBacklog()
        web = try HTTPServer(try #require(SocketAddress("127.0.0.1:0")), handler: App())
    }

    func replacing(_ target: ProbeTarget, in condition: Condition) -> ProbeTarget {
        var target = target
        let address: SocketAddress? =
            switch condition {
            case .dropped: hole.address
            case .mail: mail.address
            case .web: web.address
            default: nil
            }
        if let address {
            target.address = Endpoint(address)
            target.dial = target.address
        }
        return target
    }

    /// For a sidecar, by their names.
    func targets(_ addresses: [SocketAddress]) -> [String: SocketAddress] {
        let all = addresses + [mail.address, web.address, hole.address]
        return Dictionary(all.map { (name(Endpoint($0)), $0) }) { $1 }
    }

    func name(_ endpoint: Endpoint) -> String {
        let port = "p\(endpoint.port ?? 0)"
        return endpoint.address == hole.address ? port + "-hanging" : port
    }
}
