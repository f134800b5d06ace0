import Loop
import Probes
import TestSupport

/// A real MariaDB, which is also the one node of a Galera cluster.
@EventLoop
final class MySQLStage: Stage {
    private let papers: Papers
    private let server: MariaDBServer
    private let started: Int
    private var held: [ByteStream] = []

    init() async throws {
        papers = try await Databases.sharedPapers()
        let port = try ServerProcess.freePort()
        server = try await MariaDBServer.start(
            [
                "--max-connections=12", "--wsrep-on=ON", "--binlog-format=ROW",
                "--wsrep-provider=/usr/lib/galera/libgalera_smm.so",
                "--wsrep-provider-options=base_port=\(port);gcache.size=1M;pc.recovery=false;"
                    + "gmcast.listen_addr=tcp://127.0.0.1:\(port)",
                "--wsrep-node-address=127.0.0.1", "--wsrep-cluster-address=gcomm://",
            ],
            tls: papers.good
        )
        started = server.log.lines.count
    }

    var addresses: [SocketAddress] { [server.address] }

    func complaints() async throws -> [String] { try await server.complaints(from: started) }

    func enter(_ condition: Condition) async throws -> (Depth) async throws -> ProbeTarget {
        var asking = Asking(
            service: .mysql,
            address: server.address,
            user: "watcher",
            role: .primary,
            tls: papers.trusted(condition)
        )
        switch condition {
        case .wrongPassword:
            asking.password = "stylus"
            asking.tls = papers.trust
        case .starting:
            // Its cluster is to be where nobody is.
            try await server.run(
                "SET GLOBAL wsrep_cluster_address='gcomm://127.0.0.1:1?pc.wait_prim=no'"
            )
        case .full:
            held = try await fill(server.address) { $0.count > 4 && $0[4] == 0xff }
        case .readOnly: try await server.run("SET GLOBAL read_only = ON")
        case .replica:
            try await server.run(
                """
                SET GLOBAL read_only = ON;
                CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=1, MASTER_USER='follower', \
                MASTER_PASSWORD='pencil'
                """
            )
        case .clear: try await server.run("SET GLOBAL require_secure_transport = ON")
        case .expired: try await server.show(papers.late)
        case .silent: server.freeze()
        case .stopped: try await server.stop()
        default: break
        }
        return asking.target
    }

    func leave(_ condition: Condition) async throws {
        switch condition {
        case .starting: try await server.run("SET GLOBAL wsrep_cluster_address='gcomm://'")
        case .full:
            for stream in held { stream.close() }
            while try await server.status("Threads_connected") != 1 {}
        case .readOnly: try await server.run("SET GLOBAL read_only = OFF")
        case .replica: try await server.run("RESET SLAVE ALL; SET GLOBAL read_only = OFF")
        case .clear: try await server.run("SET GLOBAL require_secure_transport = OFF")
        case .expired: try await server.show(papers.good)
        default: break
        }
    }
}
