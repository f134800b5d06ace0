import Gateway
import HTTP
import Health
import Loop
import Probes

/// A whole gateway in this process, its apps scripted, its ports free ones of the loopback.
@EventLoop
final class TestGateway {
    let service: GatewayService
    let health: HTTPClient
    let admin: HTTPClient
    let world: World

    /// What outlives one gateway: its folder, its file, its apps.
    @EventLoop
    final class World {
        var configuration: GatewayConfiguration
        /// Set to make the next load fail.
        var complaint: String?
        /// What the gateways of this world have logged.
        let log = LogLines()
        private var scripts: [String: Script] = [:]

        init(_ checks: [CheckConfiguration] = [.app("web")]) throws {
            let port = try SocketAddress("127.0.0.1:0").orFail()
            configuration = GatewayConfiguration(
                host: "east-1",
                listen: .init(health: port, admin: port),
                stateDirectory: TemporaryFolder.make() + "/state",
                shutdownWithin: .seconds(5),
                settle: .zero,
                checks: checks
            )
        }

        /// The script of the app or upstream at `NAME:1`.
        func script(_ name: String) -> Script {
            let script = scripts[name] ?? Script()
            scripts[name] = script
            return script
        }

        fileprivate func load() throws -> GatewayConfiguration {
            if let complaint { throw Complaint(description: complaint) }
            return configuration
        }
    }

    struct Complaint: Error, CustomStringConvertible {
        let description: String
    }

    init(
        _ world: World,
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws {
        self.world = world
        service = try await GatewayService(
            loadConfiguration: { try world.load() },
            log: { [kept = world.log] line in
                kept.add(line)
                log(line)
            },
            makeProbe: { target in ScriptedProbe(world.script(target.address.host)) }
        )
        health = HTTPClient(Endpoint(service.healthAddress))
        admin = HTTPClient(Endpoint(service.adminAddress))
    }

    convenience init(_ checks: [CheckConfiguration] = [.app("web")]) async throws {
        try await self.init(World(checks))
    }

    var board: HostHealth { service.gateway.health }

    func poll(
        _ path: String = "/readyz",
        edge: String? = nil,
        method: String = "GET"
    ) async throws -> HTTPResponse {
        var request = HTTPRequest(method, path, authority: "app")
        request.headers["x-healthgate-edge"] = edge
        return try await health.send(request, until: .now + .seconds(10))
    }

    func call(
        _ method: String,
        _ path: String,
        _ body: String = "",
        headers: HTTPHeaders = [:]
    ) async throws -> HTTPResponse {
        var request = HTTPRequest(
            method,
            path,
            authority: "localhost",
            headers: headers,
            body: Array(body.utf8)
        )
        if !body.isEmpty, !headers.contains("content-type") {
            request.headers["content-type"] = "application/json"
        }
        return try await admin.send(request, until: .now + .seconds(10))
    }

    func drain(_ owner: String) async throws -> HTTPResponse {
        try await call("PUT", "/drain", #"{"owner":"\#(owner)","reason":"test"}"#)
    }

    /// Returns when that scope has that verdict.
    func reached(_ verdict: Verdict, _ scope: Scope = .host) async throws {
        try await changed { $0.board.verdict(for: scope) == verdict }
    }

    /// Returns when it is so, looking after each change.
    func changed(_ isSo: @escaping (HostHealth) -> Bool) async throws {
        let health = board
        guard !isSo(health) else { return }
        let waiter = Waiter<Void>()
        health.onChange { [unowned health] _ in
            if isSo(health) { waiter.fulfil(.success(())) }
        }
        try await waiter.wait(until: .now + .seconds(20), "see the change")
    }

    /// As kill -9 leaves it: nothing said, nothing written.
    func crash() async {
        service.gateway.monitor.stop()
        health.close()
        admin.close()
    }
}

extension CheckConfiguration {
    static func app(
        _ name: String,
        interval: Check.Interval = .every(.milliseconds(20)),
        rise: Int = 2,
        fall: Int = 2,
        timeout: Duration = .seconds(1),
        maxAge: Duration = .seconds(30),
        effect: Effect? = nil,
        path: String = "/"
    ) -> CheckConfiguration {
        scripted(.app(name), interval, rise, fall, timeout, maxAge, effect, path)
    }

    static func upstream(_ name: String) -> CheckConfiguration {
        let interval = Check.Interval.every(.milliseconds(20))
        return scripted(.upstream(name), interval, 2, 2, .seconds(1), .seconds(30), nil, "/")
    }

    private static func scripted(
        _ id: CheckID,
        _ interval: Check.Interval,
        _ rise: Int,
        _ fall: Int,
        _ timeout: Duration,
        _ maxAge: Duration,
        _ effect: Effect?,
        _ path: String
    ) -> CheckConfiguration {
        let address = Endpoint("\(id.name):1") ?? Endpoint(.unix("/nowhere"))
        return CheckConfiguration(
            id,
            ProbeTarget(.http(path: path, expect: .init()), address),
            effect: effect,
            interval: interval,
            downInterval: .milliseconds(20),
            timeout: timeout,
            rise: rise,
            fall: fall,
            maxAge: maxAge,
            holdDown: nil
        )
    }
}

extension Optional {
    struct Missing: Error {}

    func orFail() throws -> Wrapped {
        guard let self else { throw Missing() }
        return self
    }
}
