import Health

/// Asks a MySQL or MariaDB server, as deep as it is told.
///
/// The server speaks first, and counts each connection that goes no further as an aborted one; after
/// `max_connect_errors` of those it blocks the host, with all that is on it. So even a handshake
/// logs in: as the target's user, with the password if there is one. A refusal of that is as good a
/// sign of life as any, and blocks nobody; but the server counts an aborted connect for it and
/// writes a line into its log. Only a user that is let in, and says goodbye, leaves no trace. MariaDB
/// 10.11 counts an anonymous login too, and takes COM_QUIT in place of one for a broken connection.
///
/// Plugins: `mysql_native_password`, `mysql_clear_password` over TLS alone, and *experimental*,
/// since it was tried against byte scripts and no server: `caching_sha2_password`. MariaDB's
/// `client_ed25519` derives its key from a password of any length, which OpenSSL has no call for.
///
/// As a primary counts what takes writes and follows nobody; so in a ring of primaries none does.
package struct MySQLMachine: ProbeMachine {
    private enum State {
        case greeting, securing, authenticating, querying, over
    }

    private enum Question {
        case one, variables, galera, replication
    }

    private let target: ServerTarget
    private let password: String?
    private var state = State.greeting
    private var reader = MySQLReader()
    private var greeting: MySQLGreeting?
    private var exchange: Exchange?
    private var question = Question.one
    private var rows = MySQLRows()
    private var role = MySQLRole()

    /// A login that is under way.
    private struct Exchange {
        var plugin: String
        var nonce: [UInt8]
        var wantsKey = false
    }

    package init(_ target: ServerTarget, password: String?) {
        self.target = target
        self.password = password
    }

    package mutating func start() -> ProbeTurn { .more }

    package var silence: String? {
        state == .greeting
            ? "this server speaks first and did not; a TLS inspector on the way waits for us to"
            : nil
    }

    package mutating func receive(_ bytes: [UInt8]) -> ProbeTurn {
        reader.add(bytes)
        do throws(MySQLReader.Malformed) {
            while let body = try reader.next() {
                if let turn = take(body) { return turn }
            }
        } catch {
            // Somebody who repeats what he is told would repeat the password.
            let isFirst = state == .greeting
            return fail(
                .protocol,
                isFirst ? "this is no MySQL: \(words.shown(bytes))" : "a malformed packet"
            )
        }
        return .more
    }

    /// Nil: go on with the next packet.
    private mutating func take(_ body: [UInt8]) -> ProbeTurn? {
        switch state {
        case .greeting: greet(body)
        case .authenticating: authenticate(body)
        case .querying: collect(body)
        case .securing, .over: fail(.protocol, "an unexpected packet")
        }
    }

    // MARK: Greeting

    private mutating func greet(_ body: [UInt8]) -> ProbeTurn {
        if let failure = MySQLFailure(body) { return fail(failure.reason, failure.text(words)) }
        guard let greeting = MySQLGreeting(body) else {
            return fail(.protocol, "this is no MySQL: \(words.shown(body))")
        }
        self.greeting = greeting
        guard greeting.capabilities.isSuperset(of: [.protocol41, .secureConnection]) else {
            return fail(.protocol, "\(greeting.server) speaks a protocol older than 4.1's")
        }
        guard reader.isEmpty else {
            return fail(.protocol, "bytes came before they were asked for")
        }
        guard target.sealing == .asked else { return logIn(greeting) }
        guard greeting.capabilities.contains(.tls) else {
            // Not in silence, which could block this host there; but without a secret.
            return fail(
                .tlsHandshake,
                "the server offers no TLS",
                farewell: login(greeting, proof: [], number: reader.nextNumber)
                    + MySQLPacket.quit
            )
        }
        state = .securing
        let request = MySQLPacket.tlsRequest(
            greeting.capabilities,
            hasDatabase: database != nil,
            number: reader.nextNumber
        )
        return ProbeTurn(.secure, phases: [.handshake], send: request)
    }

    package mutating func secured() -> ProbeTurn {
        guard state == .securing, let greeting else {
            return fail(.internal, "TLS was not asked for")
        }
        return logIn(greeting)
    }

    // MARK: Authentication

    private var user: String { target.user ?? "healthgate" }

    /// Whom nobody lets in, the database would only give another reason for it.
    private var database: String? { target.depth == .handshake ? nil : target.database }

    private var isSealed: Bool { target.sealing != .none }

    private mutating func logIn(_ greeting: MySQLGreeting) -> ProbeTurn {
        let isSecured = state == .securing
        state = .authenticating
        exchange = Exchange(plugin: plugin(greeting), nonce: greeting.nonce)
        let proof =
            MySQLPassword(plugin: plugin(greeting))?.proof(password ?? "", greeting.nonce) ?? []
        // The request for TLS had a number of its own.
        let number = isSecured ? reader.nextNumber &+ 1 : reader.nextNumber
        return ProbeTurn(
            .receive,
            phases: isSecured ? [] : [.handshake],
            send: login(greeting, proof: proof, number: number, isSealed: isSecured)
        )
    }

    /// The server's own choice where it is known here; a password in the clear is never sent unasked.
    private func plugin(_ greeting: MySQLGreeting) -> String {
        switch MySQLPassword(plugin: greeting.plugin) {
        case .native, .cachingSHA2: greeting.plugin
        case .clear, nil: "mysql_native_password"
        }
    }

    private func login(
        _ greeting: MySQLGreeting,
        proof: [UInt8],
        number: UInt8,
        isSealed: Bool = false
    ) -> [UInt8] {
        MySQLPacket.login(
            MySQLPacket.Login(
                user: user,
                database: database,
                proof: proof,
                plugin: plugin(greeting)
            ),
            greeting.capabilities,
            isSealed: isSealed,
            number: number
        )
    }

    private mutating func authenticate(_ body: [UInt8]) -> ProbeTurn? {
        switch body[0] {
        case 0: return authenticated()
        case 0xff:
            guard let failure = MySQLFailure(body) else {
                return fail(.protocol, "a malformed error")
            }
            // Alive: it looked for the user, and knows better than to let us in.
            if target.depth == .handshake, failure.reason == .auth {
                state = .over
                return .up("\(server), which does not let this user in", after: .auth)
            }
            return fail(failure.reason, failure.text(words) + hint(failure))
        case 0xfe: return switchPlugin(body)
        case 1: return goOn(Array(body.dropFirst()))
        default: return fail(.protocol, "an unexpected packet of kind \(body[0])")
        }
    }

    /// MariaDB refuses whom it wants TLS from as one with a wrong password.
    private func hint(_ failure: MySQLFailure) -> String {
        guard failure.number == 1045, !isSealed, greeting?.capabilities.contains(.tls) == true
        else { return "" }
        return "; it may also want TLS, which it offers"
    }

    private mutating func switchPlugin(_ body: [UInt8]) -> ProbeTurn {
        var cursor = MySQLCursor(body)
        guard cursor.byte() == 0xfe, let name = cursor.text() else {
            return fail(.auth, "the server wants a password by a plugin older than 4.1's")
        }
        let plugin = String(decoding: name, as: UTF8.self)
        // An empty proof ends the login as a refused one, which silence would not.
        let nothing = MySQLPacket.proof([], number: reader.nextNumber)
        guard let way = MySQLPassword(plugin: plugin) else {
            guard target.depth > .handshake else {
                state = .over
                let detail = "\(server), which asks for \(words.shown(plugin))"
                return .up(detail, after: .auth, farewell: nothing)
            }
            let text = "the server wants \(words.shown(plugin)), which is not known here"
            return fail(.auth, text, farewell: nothing)
        }
        if case .clear = way, !isSealed {
            let text = "the server wants the password in the clear, and there is no TLS"
            return fail(.auth, text, farewell: nothing)
        }
        let nonce = Array(cursor.rest.prefix(20))
        exchange = Exchange(plugin: plugin, nonce: nonce)
        let proof = way.proof(password ?? "", nonce)
        // This plugin takes a zero for "no password".
        let isNone = proof.isEmpty && plugin == "caching_sha2_password"
        return .send(MySQLPacket.proof(isNone ? [0] : proof, number: reader.nextNumber))
    }

    /// What caching_sha2_password says: whether it remembers the password, and else its key.
    private mutating func goOn(_ said: [UInt8]) -> ProbeTurn? {
        guard let exchange, exchange.plugin == "caching_sha2_password" else {
            return fail(.protocol, "more of an authentication that has no more")
        }
        if exchange.wantsKey {
            guard let sealed = MySQLPassword.sealed(password ?? "", exchange.nonce, key: said)
            else { return fail(.auth, "the server's key for the password cannot be used") }
            return .send(MySQLPacket.proof(sealed, number: reader.nextNumber))
        }
        switch said.first {
        case 3 where said.count == 1: return nil
        case 4 where said.count == 1:
            if isSealed {
                let plain = MySQLPassword.plain(password ?? "")
                return .send(MySQLPacket.proof(plain, number: reader.nextNumber))
            }
            self.exchange?.wantsKey = true
            return .send(MySQLPacket.proof([2], number: reader.nextNumber))
        default: return fail(.protocol, "an unexpected word of caching_sha2_password")
        }
    }

    // MARK: Queries

    private mutating func authenticated() -> ProbeTurn {
        switch target.depth {
        case .handshake, .auth: return over(.up, server, after: [.auth])
        case .query: return ask(.one, "SELECT 1", after: [.auth])
        case .role: return ask(.variables, MySQLRole.variables, after: [.auth])
        }
    }

    private mutating func ask(
        _ question: Question,
        _ sql: String,
        after phases: [Outcome.Phase.Name] = []
    ) -> ProbeTurn {
        state = .querying
        self.question = question
        rows = MySQLRows()
        return ProbeTurn(.receive, phases: phases, send: MySQLPacket.query(sql))
    }

    private mutating func collect(_ body: [UInt8]) -> ProbeTurn? {
        do throws(MySQLRows.Malformed) {
            switch try rows.take(body) {
            case .more: return nil
            case .done: return answered()
            case .failed(let failure):
                // That the user may not ask for replication is no fault of the server.
                if question == .replication, failure.isRefusal { return judge() }
                return fail(failure.reason, failure.text(words))
            }
        } catch {
            return fail(.protocol, "a malformed answer to a query")
        }
    }

    private mutating func answered() -> ProbeTurn {
        switch question {
        case .one:
            guard let value = rows.rows.first?.first else {
                return fail(.protocol, "the query was answered without a row")
            }
            guard value == "1" else {
                return fail(.protocol, "SELECT 1 gave \(words.shown(value ?? "NULL"))")
            }
            return over(.up, server, after: [.query])
        case .variables:
            role.takeVariables(rows)
            guard role.hasGalera else { return askForReplication() }
            return ask(.galera, MySQLRole.galeraStatus)
        case .galera:
            role.takeGalera(rows, words)
            return askForReplication()
        case .replication:
            role.takeReplication(rows)
            return judge()
        }
    }

    private mutating func askForReplication() -> ProbeTurn {
        guard let greeting else { return fail(.internal, "there was no greeting") }
        return ask(.replication, MySQLRole.replication(greeting))
    }

    private mutating func judge() -> ProbeTurn {
        let (result, text) = role.judge(target)
        return over(result, "\(server), \(text)", after: [.role])
    }

    private var server: String { greeting?.server ?? "MySQL" }

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
            send: MySQLPacket.quit
        )
    }

    private mutating func fail(
        _ reason: Reason,
        _ words: String,
        farewell: [UInt8] = []
    ) -> ProbeTurn {
        let phase: Outcome.Phase.Name =
            switch state {
            case .greeting, .over: .handshake
            case .securing: .tls
            case .authenticating: .auth
            case .querying: target.depth == .role ? .role : .query
            }
        let bye = state == .querying ? MySQLPacket.quit : farewell
        state = .over
        return .failed(reason, words, after: phase, farewell: bye)
    }
}
