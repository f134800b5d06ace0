import FoundationEssentials
import HTTP
import Loop

/// Says of each call to change something who made it, and what came of it.
@EventLoop
final class ChangeCalls {
    private let gateway: RunningGateway
    /// The last call of a driver that only kept its lease.
    private var kept: Kept?

    private struct Kept: Hashable {
        let release: String?
        let who: String
        let ip: String?
        let status: Int
    }

    init(_ gateway: RunningGateway) { self.gateway = gateway }

    /// - Parameter lease: as it was before the call.
    func note(
        _ request: HTTPRequest,
        by caller: Caller,
        who: String,
        lease: Lease?,
        _ response: HTTPResponse
    ) {
        let owner = ChangeCalls.owner(request)
        if request.method == "PUT", request.pathOnly == "/lease" {
            // A driver's heartbeats, every few seconds, would drive all else out of the history.
            let call = Kept(
                release: owner,
                who: who,
                ip: caller.peer?.ip,
                status: response.status
            )
            if call == kept, lease?.isSameRelease(as: gateway.store.state.lease) == true { return }
            kept = call
        }
        gateway.history.add(
            "call",
            [
                "method": .string(request.method),
                "path": .string(request.pathOnly),
                "owner": .text(owner),
                "who": .string(who),
                "from": .string(caller.from),
                "status": .integer(response.status),
            ]
        )
    }

    private struct Body: Decodable {
        let owner: String?
        let release: String?
    }

    /// Whose hold or lease it is about, where it can be shown.
    private static func owner(_ request: HTTPRequest) -> String? {
        if request.pathOnly.hasPrefix("/healthcheck/") { return DrainCalls.envoyAdmin }
        var owner = request.query("owner") ?? request.query("release")
        if owner == nil, !request.body.isEmpty {
            let body = try? JSONDecoder().decode(Body.self, from: Data(request.body))
            owner = body?.owner ?? body?.release
        }
        return owner.flatMap { isName($0) ? $0 : nil }
    }
}

extension Lease {
    /// Whether nothing but the time has gone on.
    fileprivate func isSameRelease(as other: Lease?) -> Bool {
        release == other?.release && epoch == other?.epoch && who == other?.who
            && version == other?.version
    }
}
