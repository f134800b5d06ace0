import Health
import Loop

/// Asks a PostgreSQL server, as deep as it is told.
///
/// A handshake without credentials goes as far as the server's question for a password: a server that
/// is starting or full says so before it. The connection is then closed without a word, which the
/// server takes for a client that has no password, and logs nothing.
package struct PostgresMachine: ProbeMachine {
    private enum State {
        case tlsAsked, starting, authenticating, ready, querying, over
    }

    private let target: ServerTarget
    private let password: String?
    private let nonce: String
    private var state = State.starting
    private var reader = PostgresReader()
    private var scram: SCRAM?
    private var version: String?
    private var row: [String?]?

    /// - Parameter nonce: for SCRAM; new for each exchange.
    package init(_ target: ServerTarget, password: String?, nonce: String? = nil) {
        self.target = target
        self.password = password
        self.nonce = nonce ?? SCRAM.makeNonce()
    }

    package mutating func start() -> ProbeTurn {
        guard target.sealing == .asked else { return begin() }
        state = .tlsAsked
        return .send(PostgresMessage.tlsRequest)
    }

    package mutating func secured() -> ProbeTurn { begin() }

    private mutating func begin() -> ProbeTurn {
        state = .starting
        return .send(PostgresMessage.startup(user: user, database: target.database))
    }

    private var user: String { target.user ?? "healthgate" }

    package mutating func receive(_ bytes: [UInt8]) -> ProbeTurn {
        if state == .tlsAsked {
            switch bytes {
            case [UInt8(ascii: "S")]: return ProbeTurn(.secure)
            case [UInt8(ascii: "N")]:
                return fail(.tlsHandshake, "the server offers no TLS")
            // More than the answer before TLS is somebody between us and the server.
            case _ where bytes.first == UInt8(ascii: "S"):
                return fail(.protocol, "bytes came before TLS")
            default: break
            }
        }
        reader.add(bytes)
        do throws(PostgresReader.Malformed) {
            while let message = try reader.next() {
                if let turn = take(message) { return turn }
            }
        } catch {
            // Somebody who repeats what he is told would repeat the password.
            let said = state == .starting || state == .tlsAsked ? ": \(words.shown(bytes))" : ""
            return fail(.protocol, "this is no PostgreSQL\(said)")
        }
        return .more
    }

    /// Nil: go on with the next message.
    private mutating func take(_ message: PostgresReader.Message) -> ProbeTurn? {
        switch message.kind {
        case "E": return failed(message.fields)
        case "N", "K": return nil
        case "v": return nil  // it does not know a minor version or an option of ours: no harm
        case "S":
            let texts = message.texts
            if texts.first == "server_version", texts.count >= 2 { version = words.shown(texts[1]) }
            return nil
        case "R" where state == .starting || state == .authenticating:
            return authenticate(message)
        case "Z" where state == .ready: return readyForQuery()
        case "Z" where state == .querying: return judge()
        case "D" where state == .querying:
            row = message.columns
            return nil
        case "T",
            "C" where state == .querying:
            return nil
        default: return fail(.protocol, "an unexpected message of kind \(message.kind)")
        }
    }

    // MARK: Authentication

    private mutating func authenticate(_ message: PostgresReader.Message) -> ProbeTurn? {
        guard let (code, rest) = message.authentication else {
            return fail(.protocol, "a malformed question for a password")
        }
        if code == 0 {
            state = .ready
            return nil
        }
        let isFirst = state == .starting
        state = .authenticating
        if isFirst, target.depth == .handshake {
            // Alive, neither starting nor full: it got as far as to ask who we are.
            state = .over
            return .up("PostgreSQL asks for a password", after: .handshake)
        }
        guard let password else { return fail(.auth, "the server wants a password") }
        switch code {
        case 3: return .send(PostgresMessage.password(password), after: .handshake)
        case 5 where rest.count >= 4:
            return .send(
                PostgresMessage.password(md5(password, salt: Array(rest.prefix(4)))),
                after: .handshake
            )
        case 10:
            let mechanisms = rest.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            guard mechanisms.contains("SCRAM-SHA-256") else {
                let offered = words.shown(mechanisms.joined(separator: ", "))
                return fail(.auth, "the server offers \(offered) alone")
            }
            // PostgreSQL takes the user from the startup message.
            let exchange = SCRAM(user: "", password: password, nonce: nonce)
            scram = exchange
            return .send(
                PostgresMessage.saslFirst("SCRAM-SHA-256", exchange.first),
                after: .handshake
            )
        case 11, 12: return goOn(code, String(decoding: rest, as: UTF8.self))
        default:
            return fail(.auth, "the server wants authentication \(code), which is not known here")
        }
    }

    private mutating func goOn(_ code: Int, _ text: String) -> ProbeTurn? {
        guard var exchange = scram else { return fail(.protocol, "SCRAM was not begun") }
        do throws(SCRAM.Failure) {
            guard code == 11 else {
                try exchange.verify(text)
                return nil
            }
            let answer = try exchange.final(after: text)
            scram = exchange
            return .send(PostgresMessage.sasl(answer))
        } catch {
            return fail(error.isForged ? .auth : .protocol, words.shown(error.words))
        }
    }

    private func md5(_ password: String, salt: [UInt8]) -> String {
        let inner = hex(Digest.md5.hash(Array((password + user).utf8)))
        return "md5" + hex(Digest.md5.hash(Array(inner.utf8) + salt))
    }

    // MARK: Queries

    private mutating func readyForQuery() -> ProbeTurn {
        switch target.depth {
        case .handshake: return over(.up, server, after: [.handshake])
        case .auth: return over(.up, server, after: [.auth])
        case .query:
            state = .querying
            return .send(PostgresMessage.query("SELECT 1"), after: .auth)
        case .role:
            state = .querying
            return .send(PostgresMessage.query(PostgresMachine.roleQuery), after: .auth)
        }
    }

    /// Whether it is a replica, whether it writes, and how many seconds it is behind: none where all
    /// that came was replayed.
    private static let roleQuery = """
        SELECT pg_is_in_recovery(), current_setting('transaction_read_only'), \
        CASE WHEN NOT pg_is_in_recovery() OR pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() \
        THEN 0 ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp()) END
        """

    /// Seconds that a replica may be behind, or ahead where a clock was set back; no others are a lag.
    private static let lags = -1e9...1e9

    private mutating func judge() -> ProbeTurn {
        guard let row, let first = row.first else {
            return fail(.protocol, "the query was answered without a row")
        }
        guard target.depth == .role else {
            guard first == "1" else {
                return fail(.protocol, "SELECT 1 gave \(words.shown(first ?? "NULL"))")
            }
            return over(.up, server, after: [.query])
        }
        guard row.count == 3, let readOnly = row[1] else {
            return fail(.protocol, "the query for the role gave \(row.count) columns")
        }
        let isReplica = first == "t"
        let role = isReplica ? "replica" : readOnly == "on" ? "primary, read-only" : "primary"
        let lag = row[2].flatMap { Double($0) }.flatMap { PostgresMachine.lags ~= $0 ? $0 : nil }
        let found =
            isReplica ? "\(role), \(lag.map { "\(Int($0)) s" } ?? "unknown time") behind" : role
        let detail = "\(server), \(found)"
        switch target.role {
        case .primary where isReplica || readOnly == "on", .replica where !isReplica:
            let wanted = target.role?.rawValue ?? ""
            let failure = Outcome.Failure(
                .role,
                at: .upstream,
                "it is a \(found), expected: \(wanted)"
            )
            return over(.failed(failure), detail, after: [.role])
        default: break
        }
        if isReplica, let most = target.maxLag, lag.map({ .seconds($0) > most }) ?? true {
            let behind = lag.map { "\(Int($0)) s" } ?? "an unknown time"
            return over(
                .degraded("\(behind) behind its primary, at most \(most) is expected"),
                detail,
                after: [.role]
            )
        }
        return over(.up, detail, after: [.role])
    }

    private var server: String {
        "PostgreSQL \(version ?? "of an unknown version")"
    }

    // MARK: Ends

    private var words: ServerWords { ServerWords(secret: password) }

    private mutating func over(
        _ result: Outcome.Result,
        _ detail: String,
        after phases: [Outcome.Phase.Name]
    ) -> ProbeTurn {
        state = .over
        return ProbeTurn(
            .finish(result, detail: detail),
            phases: phases,
            send: PostgresMessage.terminate
        )
    }

    /// What the server itself says is wrong, by its SQLSTATE (PostgreSQL documentation, appendix A).
    private mutating func failed(_ fields: [Character: String]) -> ProbeTurn {
        let code = fields["C"] ?? ""
        let message = fields["M"] ?? "no message"
        let text = "\(words.shown(message)) (SQLSTATE \(words.shown(code)))"
        let reason: Reason =
            switch code {
            case "57P03": .starting
            case "57P01", "57P02": .starting  // it is on its way down
            case "53300", "53400": .full
            case "28000"
            where target.sealing == .none
                && (message.contains("no encryption") || message.contains("SSL off")):
                .tlsHandshake
            case _ where code.hasPrefix("28"): .auth
            case "3D000", "42501": .auth
            case _ where code.hasPrefix("08"): .protocol
            default: .status
            }
        return fail(reason, text)
    }

    private mutating func fail(_ reason: Reason, _ words: String) -> ProbeTurn {
        let phase: Outcome.Phase.Name =
            switch state {
            case .tlsAsked: .tls
            case .starting, .over: .handshake
            case .authenticating, .ready: .auth
            case .querying: target.depth == .role ? .role : .query
            }
        state = .over
        return .failed(reason, words, after: phase)
    }
}

private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
