import Glibc

/// A set of ports nobody else's world uses, held until it is dropped or the process ends.
package struct PortBase: ~Copyable {
    package let offset: Int
    private let file: Int32

    /// Takes the first free set. A world that was killed leaves its processes, not its lock: so the
    /// ports themselves are looked at too.
    package init() throws(WorldError) {
        // No difference of two of a world's ports is a multiple of 100 below 900.
        for number in 0..<8 {
            let offset = number * 100
            let path = "/tmp/healthgate-world-\(offset).lock"
            let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
            guard file >= 0 else { continue }
            if flock(file, LOCK_EX | LOCK_NB) == 0, Self.isFree(offset) {
                self.offset = offset
                self.file = file
                return
            }
            close(file)
        }
        throw WorldError(
            "every port set of a demo world is taken; `healthgate-demo clean --dir DIR` ends an old one"
        )
    }

    deinit { close(file) }

    private static func isFree(_ offset: Int) -> Bool {
        let layout = WorldLayout(
            directory: "",
            portOffset: offset,
            fronts: 2,
            envoy: "",
            healthgate: "",
            demo: ""
        )
        let fronts = layout.frontEnvoys.flatMap { [$0.users, $0.admin] }
        let hosts = layout.hosts.flatMap { host in
            [host.ingress, host.sidecarAdmin, host.healthAddress, host.gatewayAdmin]
                + WorldLayout.apps.map { host.appAddress($0) }
        }
        return (fronts + hosts).allSatisfy(canBind)
    }

    private static func canBind(_ address: String) -> Bool {
        let parts = address.split(separator: ":")
        guard parts.count == 2, let port = UInt16(parts[1]) else { return false }
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { return false }
        defer { close(socket) }
        // Ports of a world that just ended are in TIME_WAIT, which hinders no server.
        var yes: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        inet_pton(AF_INET, String(parts[0]), &name.sin_addr)
        return withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
