import Glibc
package import Loop

/// Makes the clients of a plan's admin interfaces: reads tokens and certificates, and shares tunnels.
@EventLoop
package struct AdminWays {
    package let tunnels: SSHTunnels

    package init(_ tunnels: SSHTunnels) { self.tunnels = tunnels }

    /// - Parameter name: whose interface it is, for the message.
    /// - Throws: `Refusal` for a file that cannot be used.
    package func client(
        _ admin: PlanConfiguration.Admin,
        of name: String,
        maxBody: Int = 4 << 20
    ) async throws -> AdminClient {
        let tls: TLSClient?
        do throws(LoopError) {
            tls = try admin.tls.map { (settings) throws(LoopError) in try .client(settings) }
        } catch {
            throw Refusal(.usage, "\(name): \(error)")
        }
        return AdminClient(
            admin.endpoint,
            tls: tls,
            tunnel: admin.via.map { tunnels.tunnel(to: admin.endpoint, via: $0) },
            token: try await secret(admin.token, of: name),
            maxBody: maxBody
        )
    }

    private func secret(
        _ source: PlanConfiguration.TokenSource?,
        of name: String
    ) async throws -> String? {
        let text: String
        switch source {
        case nil: return nil
        case .file(let path):
            guard let bytes = try await Files.read(path) else {
                throw Refusal(.usage, "\(name)'s token file \(path) does not exist")
            }
            text = String(decoding: bytes, as: UTF8.self)
        case .environment(let variable):
            guard let value = getenv(variable) else {
                throw Refusal(.usage, "\(name)'s token variable \(variable) is not set")
            }
            text = String(cString: value)
        }
        return text.split(whereSeparator: \.isWhitespace).first.map(String.init)
    }
}
