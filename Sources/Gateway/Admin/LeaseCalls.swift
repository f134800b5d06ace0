import FoundationEssentials
import HTTP
import Loop

/// `/lease`: the release lock.
@EventLoop
struct LeaseCalls {
    private let store: DrainStore

    init(_ store: DrainStore) { self.store = store }

    func answer(to request: HTTPRequest) async -> HTTPResponse {
        switch request.method {
        case "PUT": await put(request)
        case "DELETE": await delete(request)
        default: AdminAnswer.json(.object([member]))
        }
    }

    /// As a driver sends it; its own word on the heartbeat does not count here.
    private struct Wish: Decodable {
        let release: String
        let epoch: Int
        let who: String?
        let version: String?
        let plan: String?
        let ttl: Double
    }

    private func put(_ request: HTTPRequest) async -> HTTPResponse {
        let wish: Wish
        do {
            wish = try JSONDecoder().decode(Wish.self, from: Data(request.body))
        } catch {
            return AdminAnswer.problem(
                400,
                "the body must be JSON with release, epoch, who, version, plan and ttl in seconds"
            )
        }
        let texts = [wish.who, wish.version, wish.plan].compactMap { $0 }
        guard isName(wish.release), wish.epoch >= 0, wish.ttl > 0, wish.ttl <= 86400,
            texts.allSatisfy({ $0.utf8.count <= 8192 })
        else { return AdminAnswer.problem(400, "release, epoch or ttl is out of bounds") }
        let lease = Lease(
            release: wish.release,
            epoch: wish.epoch,
            who: wish.who ?? "",
            version: wish.version ?? "",
            plan: wish.plan ?? "",
            heartbeat: .now,
            ttl: wish.ttl
        )
        return answer(await store.take(lease))
    }

    private func delete(_ request: HTTPRequest) async -> HTTPResponse {
        guard let release = request.query("release"),
            let epoch = request.query("epoch").flatMap({ Int($0) })
        else { return AdminAnswer.problem(400, "say which: DELETE /lease?release=ID&epoch=N") }
        return answer(await store.release(release, epoch: epoch))
    }

    private func answer(_ result: DrainStore.Result) -> HTTPResponse {
        switch result {
        case .done: return AdminAnswer.json(.object([member]))
        case .notDurable(let why):
            let error = JSON.Member(name: "error", value: .string("not durable: \(why)"))
            return AdminAnswer.json(.object([error, member]), status: 507)
        case .refused(let refusal): return refused(refusal)
        }
    }

    /// What a caller that lost the lock, or never had it, is told.
    func refused(_ refusal: DrainRefusal) -> HTTPResponse {
        let error = JSON.Member(name: "error", value: .string(refusal.description))
        switch refusal {
        case .lowerEpoch, .leaseHeld, .leaseLive:
            return AdminAnswer.json(.object([error, member]), status: 409)
        case .idNotTyped, .tooManyHolds:
            return AdminAnswer.json(.object([error]), status: 400)
        }
    }

    private var member: JSON.Member {
        JSON.Member(name: "lease", value: LeaseCalls.json(store.state.lease))
    }

    static func json(_ lease: Lease?) -> JSON {
        guard let lease else { return .null }
        return .members([
            "release": .string(lease.release),
            "epoch": .integer(lease.epoch),
            "who": .string(lease.who),
            "version": .string(lease.version),
            "plan": .string(lease.plan),
            "heartbeat": .string(lease.heartbeat.description),
            "ttl": .number(lease.ttl),
            "live": .bool(lease.isLive(at: .now)),
        ])
    }
}
