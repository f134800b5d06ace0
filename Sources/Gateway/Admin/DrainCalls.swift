import FoundationEssentials
import HTTP
import Loop

/// `/drain`, and the same toggle in Envoy's own words, `/healthcheck/fail` and `/healthcheck/ok`.
@EventLoop
struct DrainCalls {
    static let envoyAdmin = "envoy-admin"
    private let gateway: RunningGateway
    private var store: DrainStore { gateway.store }

    init(_ gateway: RunningGateway) { self.gateway = gateway }

    func answer(to request: HTTPRequest) async -> HTTPResponse {
        switch (request.method, request.pathOnly) {
        case ("PUT", _): await put(request)
        case ("DELETE", _): await delete(request)
        case ("POST", "/healthcheck/fail"): await fail()
        case ("POST", _):
            envoys(await store.remove(DrainCalls.envoyAdmin, epoch: nil, confirmed: nil))
        default: await get(request)
        }
    }

    private struct Wish: Decodable {
        let owner: String
        let reason: String?
        let epoch: Int?
    }

    private func put(_ request: HTTPRequest) async -> HTTPResponse {
        let wish: Wish
        do {
            wish = try JSONDecoder().decode(Wish.self, from: Data(request.body))
        } catch {
            return AdminAnswer.problem(400, #"the body must be {"owner": …, "reason": …}"#)
        }
        guard isName(wish.owner), (wish.reason ?? "").utf8.count <= 1024 else {
            return AdminAnswer.problem(400, "the owner must be 1 to 128 printable characters")
        }
        guard wish.owner != DrainStore.unreadableOwner else {
            return AdminAnswer.problem(400, "\(wish.owner) is not for others to use")
        }
        let hold = DrainState.Hold(
            owner: wish.owner,
            reason: wish.reason ?? "no reason given",
            since: .now,
            epoch: wish.epoch
        )
        return answer(await store.add(hold))
    }

    private func delete(_ request: HTTPRequest) async -> HTTPResponse {
        guard let owner = request.query("owner"), !owner.isEmpty else {
            return AdminAnswer.problem(400, "say whose hold: DELETE /drain?owner=NAME")
        }
        let epoch = request.query("epoch")
        if let epoch, Int(epoch) == nil {
            return AdminAnswer.problem(400, "the epoch must be a number")
        }
        let confirmed = request.query("confirm")
        return answer(
            await store.remove(owner, epoch: epoch.flatMap { Int($0) }, confirmed: confirmed)
        )
    }

    private func fail() async -> HTTPResponse {
        let hold = DrainState.Hold(
            owner: DrainCalls.envoyAdmin,
            reason: "POST /healthcheck/fail",
            since: .now
        )
        return envoys(await store.add(hold))
    }

    private func envoys(_ result: DrainStore.Result) -> HTTPResponse {
        if case .done = result { AdminAnswer.text("OK\n") } else { answer(result) }
    }

    private func get(_ request: HTTPRequest) async -> HTTPResponse {
        guard let text = request.query("wait") else {
            return request.accepts("text/plain")
                ? AdminAnswer.text(await StatusPage(gateway).drainText())
                : AdminAnswer.json(.object(state))
        }
        guard let wait = duration(text), wait <= .seconds(3600) else {
            return AdminAnswer.problem(400, "wait must be a duration such as 30s, at most 60m")
        }
        let progress = await DrainProgress.wait(for: gateway, until: .now + wait)
        let found: JSON = .members([
            "safe": .bool(progress.isSafe),
            "told": .integer(progress.edges.count - progress.untold.count),
            "edges": .integer(progress.edges.count),
            "inflight": StatusDocument.inFlight(progress.inFlight),
            "left": .array(progress.left.map { .string($0) }),
        ])
        guard case .object(let members) = found else { return AdminAnswer.json(found) }
        return AdminAnswer.json(.object(state + members))
    }

    private func answer(_ result: DrainStore.Result) -> HTTPResponse {
        switch result {
        case .done: return AdminAnswer.json(.object(state))
        case .notDurable(let why):
            let error = JSON.Member(name: "error", value: .string("not durable: \(why)"))
            return AdminAnswer.json(.object(state + [error]), status: 507)
        case .refused(let refusal):
            return LeaseCalls(store).refused(refusal)
        }
    }

    private var state: [JSON.Member] {
        let state: JSON = .members([
            "drained": .bool(store.state.isDrained),
            "holds": StatusDocument.holds(store.state),
            "durable": .bool(store.problem == nil),
        ])
        guard case .object(let members) = state else { return [] }
        return members
    }
}

/// Whether it can be shown in a line and typed again.
func isName(_ text: String) -> Bool {
    (1...128).contains(text.utf8.count)
        && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7f }
}
