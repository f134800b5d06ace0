import Health

/// An error as Redis words it, or a proxy of Redis that stands before it.
struct RedisError {
    let words: String
    private let meaning: Meaning?

    init(_ words: String) {
        self.words = words
        meaning = RedisError.meanings[String(words.prefix { $0 != " " })]
    }

    /// Whether a probe of that depth has failed by it. What a server refuses to do may still be
    /// proof that it is there.
    func fails(_ depth: Depth) -> Bool {
        switch meaning?.fails {
        case .from(let least): depth >= least
        case .never: false
        case .always, nil: true
        }
    }

    var reason: Reason {
        if let meaning { return meaning.reason }
        let words = words.hasPrefix("ERR ") ? words.dropFirst(4) : words[...]
        // Envoy's redis_proxy, which answers for a server that it cannot reach.
        let isUpstream =
            words == "no upstream host" || words == "upstream failure"
            || (words.hasPrefix("finished with ") && words.hasSuffix(" error(s)"))
        if isUpstream { return .upstreamRefused }
        if words.hasPrefix("max number of clients") { return .full }
        if words.hasPrefix("invalid password") { return .auth }
        // What takes no TYPE is no Redis, or a proxy that answers without one.
        let isStranger = [
            "unknown command", "unsupported command", "wrong number of arguments",
            "invalid request", "upstream protocol error",
        ].contains { words.hasPrefix($0) }
        return isStranger ? .protocol : .status
    }

    /// What is wrong with our credentials, without a word of the server that could hold them.
    var refusal: String {
        let hasNone = [
            "without any password", "no password is set", "no username-password pair is set",
        ].contains { words.contains($0) }
        return hasNone
            ? "the server, or a proxy before it, knows no password, and one is configured here"
            : "the server refuses the password"
    }

    private struct Meaning {
        let reason: Reason
        let fails: Failing

        enum Failing {
            case never, always
            case from(Depth)
        }

        init(_ reason: Reason, fails: Failing) {
            self.reason = reason
            self.fails = fails
        }
    }

    private static let meanings: [String: Meaning] = [
        "LOADING": Meaning(.starting, fails: .always),
        "DENIED": Meaning(.auth, fails: .always),
        "NOAUTH": Meaning(.auth, fails: .from(.auth)),
        "WRONGPASS": Meaning(.auth, fails: .from(.auth)),
        "NOPERM": Meaning(.auth, fails: .from(.query)),
        "MASTERDOWN": Meaning(.notServing, fails: .from(.query)),
        "CLUSTERDOWN": Meaning(.notServing, fails: .from(.query)),
        "BUSY": Meaning(.notServing, fails: .from(.query)),
        "TRYAGAIN": Meaning(.notServing, fails: .from(.query)),
        "READONLY": Meaning(.role, fails: .from(.query)),
        // The key is there and no string, or another node of the cluster has it.
        "WRONGTYPE": Meaning(.status, fails: .never),
        "MOVED": Meaning(.status, fails: .never),
        "ASK": Meaning(.status, fails: .never),
    ]
}
