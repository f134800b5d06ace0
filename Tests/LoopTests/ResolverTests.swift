import Glibc
import Loop
import TestSupport
import Testing

@EventLoop
@Suite struct `The resolver` {
    let folder: TemporaryFolder
    let server: NameServer
    let soon = Instant.now + .seconds(20)

    init() throws {
        folder = try TemporaryFolder()
        server = try NameServer()
    }

    @Test(arguments: ["127.0.0.1:80", "[::1]:443", "unix:/run/x.sock"])
    func `has numbers for its own answer`(text: String) async throws {
        let endpoint = try #require(Endpoint(text))
        #expect(
            try await Resolver.addresses(of: endpoint, until: soon).map(\.description) == [text]
        )
    }

    @Test func `reads the hosts file, also after it changed`() async throws {
        let service = try await service(hosts: "127.0.0.9 db\n")
        #expect(try await look("db:5432", service) == ["127.0.0.9:5432"])
        try await Files.writeDurably(Array("127.0.0.10 db\n".utf8), to: "\(folder.path)/hosts")
        #expect(try await look("db:5432", service) == ["127.0.0.10:5432"])
    }

    @Test func `asks the name server for a name that no file has`() async throws {
        server.answers = true
        let service = try await service(hosts: "")
        #expect(try await look("db.test:80", service) == ["127.0.0.77:80"])
    }

    @Test func `gives up on a silent name server at the deadline`() async throws {
        let service = try await service(hosts: "")
        let endpoint = try #require(Endpoint("db.test:80"))
        await #expect {
            try await Resolver.addresses(
                of: endpoint,
                from: service,
                until: .now + .milliseconds(50)
            )
        } throws: {
            ($0 as? LoopError)?.kind == .timedOut
        }
    }

    private func look(_ text: String, _ service: NameService) async throws -> [String] {
        let endpoint = try #require(Endpoint(text))
        return try await Resolver.addresses(of: endpoint, from: service, until: soon)
            .map(\.description)
    }

    private func service(hosts: String) async throws -> NameService {
        let resolvConf = "nameserver 127.0.0.1:\(server.port)\n"
        try await Files.writeDurably(Array(resolvConf.utf8), to: "\(folder.path)/resolv.conf")
        try await Files.writeDurably(Array(hosts.utf8), to: "\(folder.path)/hosts")
        return NameService(resolvConf: "\(folder.path)/resolv.conf", hosts: "\(folder.path)/hosts")
    }
}
