import Health

/// Asks a Redis server, as deep as it is told.
///
/// What is asked at each depth is the type of a key: Envoy's redis_proxy answers PING, ECHO, HELLO,
/// AUTH, TIME and QUIT itself, with no server behind it, and passes this one on. It costs the server
/// no more than a PING, whatever the key holds, and needs no key at all.
package struct RedisMachine: ProbeMachine {
    private enum State {
        case authenticating, selecting, reading, informing, askingRole, over
    }

    private let target: ServerTarget
    private let password: String?
    private var state = State.reading
    private var reader = RESPReader()

    package init(_ target: ServerTarget, password: String?) {
        self.target = target
        self.password = password
    }

    package mutating func start() -> ProbeTurn {
        guard target.depth > .handshake, password != nil || target.user != nil else {
            return select()
        }
        state = .authenticating
        let password = password ?? ""
        guard let user = target.user else { return .send(RESP.command("AUTH", password)) }
        return .send(RESP.command("AUTH", user, password))
    }

    private mutating func select() -> ProbeTurn {
        guard let database = target.database, database != "0", target.depth > .handshake else {
            return read()
        }
        state = .selecting
        return .send(RESP.command("SELECT", database))
    }

    private mutating func read() -> ProbeTurn {
        state = .reading
        return .send(RESP.command("TYPE", target.key ?? ServerTarget.usualKey))
    }

    package mutating func receive(_ bytes: [UInt8]) -> ProbeTurn {
        guard state != .over else { return .more }
        reader.add(bytes)
        do throws(RESPReader.Malformed) {
            // Nothing is asked before the answer to what was asked last is there.
            guard let reply = try reader.next() else { return .more }
            return take(reply)
        } catch {
            // Somebody who repeats what he is told would repeat the password.
            let said = state == .authenticating ? "" : ": \(shown(bytes))"
            return fail(.protocol, "this is no Redis\(said)")
        }
    }

    private mutating func take(_ reply: RESP) -> ProbeTurn {
        if case .error(let words) = reply { return take(RedisError(words)) }
        switch state {
        case .authenticating:
            guard reply == .simple("OK") else { return fail(.protocol, "AUTH gave no OK") }
            var turn = select()
            if target.depth > .auth { turn.phases = [.auth] }
            return turn
        case .selecting:
            guard reply == .simple("OK") else { return fail(.protocol, "SELECT gave no OK") }
            return read()
        case .reading:
            guard case .simple = reply else { return fail(.protocol, "TYPE gave no type") }
            return isRead("Redis")
        case .informing:
            guard let text = reply.text else { return fail(.protocol, "INFO gave no text") }
            if let role = RedisRole(information: text) { return judge([role]) }
            state = .askingRole
            return .send(RESP.command("ROLE"))
        case .askingRole:
            let roles = RedisRole.all(reply)
            return roles.isEmpty
                ? fail(.protocol, "neither INFO nor ROLE tells a role") : judge(roles)
        case .over: return .more
        }
    }

    private mutating func take(_ error: RedisError) -> ProbeTurn {
        if state == .reading, !error.fails(target.depth) {
            return isRead("Redis answers: \(shown(error.words))")
        }
        if state == .authenticating {
            switch error.reason {
            case .full, .starting, .upstreamRefused: break
            default: return fail(.auth, error.refusal)
            }
        }
        return fail(error.reason, shown(error.words))
    }

    private mutating func isRead(_ detail: String) -> ProbeTurn {
        guard target.depth == .role else { return over(.up, detail, after: [phase]) }
        state = .informing
        return .send(RESP.command("INFO", "replication"), after: .query)
    }

    // MARK: Role

    private mutating func judge(_ roles: [RedisRole]) -> ProbeTurn {
        var words: [String] = []
        for role in roles where !words.contains(role.words) { words.append(role.words) }
        let all = words.joined(separator: "; ")
        let detail = "Redis, \(all)"
        if let wanted = target.role, roles.contains(where: { $0.isReplica != (wanted == .replica) })
        {
            let text = "it is a \(all), expected: \(wanted.rawValue)"
            let failure = Outcome.Failure(.role, at: .upstream, text)
            return over(.failed(failure), detail, after: [.role])
        }
        for role in roles where role.isReplica {
            guard role.isLinked else { return over(.degraded(role.words), detail, after: [.role]) }
            guard let most = target.maxLag else { continue }
            if role.silence.map({ .seconds($0) > most }) ?? true {
                let text = "\(role.words), at most \(most) is expected"
                return over(.degraded(text), detail, after: [.role])
            }
        }
        return over(.up, detail, after: [.role])
    }

    // MARK: Ends

    private func shown(_ words: String) -> String { ServerWords(secret: password).shown(words) }

    private func shown(_ bytes: [UInt8]) -> String { ServerWords(secret: password).shown(bytes) }

    private var phase: Outcome.Phase.Name {
        switch state {
        case .authenticating: .auth
        case .informing, .askingRole: .role
        case .selecting, .reading, .over:
            switch target.depth {
            case .handshake: .handshake
            case .auth: .auth
            case .query, .role: .query
            }
        }
    }

    /// With QUIT the server ends the connection; it logs nothing either way.
    private mutating func over(
        _ result: Outcome.Result,
        _ detail: String,
        after phases: [Outcome.Phase.Name]
    ) -> ProbeTurn {
        state = .over
        return ProbeTurn(
            .finish(result, detail: detail),
            phases: phases,
            send: RESP.command("QUIT")
        )
    }

    private mutating func fail(_ reason: Reason, _ words: String) -> ProbeTurn {
        let phase = phase
        state = .over
        return .failed(reason, words, after: phase)
    }
}
