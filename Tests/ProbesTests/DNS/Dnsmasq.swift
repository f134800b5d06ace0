import Loop
import TestSupport
import Testing

/// A real name server on loopback for names that end in `.test`.
@EventLoop
final class Dnsmasq {
    private let process: ChildProcess
    private let folder: TemporaryFolder
    let address: SocketAddress

    init() async throws {
        folder = try TemporaryFolder()
        address = try ScriptedServer.nobody()
        let texts = (0..<5).map {
            "--txt-record=big.test,\($0)" + String(repeating: "x", count: 200)
        }
        let records = [
            "--local=/test/", "--host-record=app.test,10.1.2.3,fd00::1",
            "--cname=www.test,app.test",
            "--mx-host=app.test,mail.test,10", "--srv-host=_http._tcp.test,app.test,8080,1,2",
        ]
        process = try ChildProcess(
            [
                "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=",
                "--no-resolv", "--no-hosts", "--bind-interfaces", "--listen-address=127.0.0.1",
                "--port=\(address.port ?? 0)", "--user=root", "--log-facility=-",
            ] + records + texts,
            log: "\(folder.path)/log"
        )
        // It tells no one when it is ready.
        while true {
            if let stream = try? await ByteStream.connect(to: address, until: soon()) {
                stream.close()
                break
            }
            if process.hasExited {
                let log = try await Files.read("\(folder.path)/log") ?? []
                throw LoopError(.system, String(decoding: log, as: UTF8.self))
            }
            try await EventLoop.sleep(for: .milliseconds(10))
        }
    }

    isolated deinit { process.signal(9) }
}
