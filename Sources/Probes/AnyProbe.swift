import HTTP
package import Loop

/// The table of kinds: a new kind adds its file and its line here.
@EventLoop
package enum AnyProbe {
    package static func make(_ target: ProbeTarget) -> any Probe {
        let blame = Blame(target.through, isTLS: target.tls != nil)
        let dial = target.dial
        let name = (target.beyond ?? target.address).host
        let tls = target.tls.map { TLSClient($0.named(name)) }
        switch target.kind {
        case .tcp(let exchange):
            return TCPProbe(dial, exchange, blame)
        case .http(let path, let expect):
            return HTTPProbe(
                dial,
                version: tls == nil ? .http1 : .negotiated,
                tls: tls,
                path: path,
                authority: target.authority,
                keeps: target.keeps,
                expect,
                blame
            )
        case .h2c(let path, let expect):
            return HTTPProbe(
                dial,
                version: .http2,
                path: path,
                authority: target.authority,
                keeps: target.keeps,
                expect,
                blame
            )
        case .grpc(let service):
            return GRPCProbe(
                dial,
                tls: tls,
                authority: target.authority,
                service: service,
                keeps: target.keeps,
                blame
            )
        case .tls(let expect):
            return TLSProbe(
                dial,
                tls: tls ?? TLSClient(TLSSettings().named(name)),
                expect,
                blame
            )
        case .dns(let question): return DNSProbe(dial, question, blame)
        case .disk(let disk): return DiskProbe(disk)
        case .exec(let command): return CommandProbe(command)
        case .docker(let container): return ContainerProbe(container)
        case .envoy(let clusters): return EnvoyProbe(dial, clusters: clusters)
        case .server(let server):
            return ServerProbe(dial, server, tls: tls, blame) { credentials in
                machine(for: server, credentials)
            }
        }
    }

    private static func machine(
        for server: ServerTarget,
        _ credentials: ServerProbe.Credentials
    ) -> any ProbeMachine {
        switch server.service {
        case .postgres: PostgresMachine(server, password: credentials.password)
        case .mongodb: MongoMachine(server)
        case .kafka: KafkaMachine(server)
        case .mysql: MySQLMachine(server, password: credentials.password)
        case .redis: RedisMachine(server, password: credentials.password)
        case .memcached: MemcachedMachine(server)
        case .amqp: AMQPMachine(server, password: credentials.password)
        }
    }
}

extension TLSSettings {
    /// The certificate is for the target, wherever the probe connects.
    fileprivate func named(_ host: String) -> TLSSettings {
        var named = self
        named.serverName = serverName ?? host
        return named
    }
}
