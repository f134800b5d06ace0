/// What a server is in its replication.
struct RedisRole: Hashable {
    var isReplica: Bool
    /// A replica has a link to its primary, and what came over it is in place.
    var isLinked = true
    /// Seconds since the last word of the primary, or since the link broke.
    var silence: Int?

    var words: String {
        guard isReplica else { return "primary" }
        let time = silence.map { "\($0) s" } ?? "an unknown time"
        return isLinked
            ? "replica, \(time) after the last word of its primary"
            : "replica without its primary for \(time)"
    }

    /// By `INFO replication`; nil: it says nothing, as Envoy's redis_proxy does.
    init?(information: String) {
        var fields: [Substring: Substring] = [:]
        for line in information.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon]] = line[colon...].dropFirst()
        }
        switch fields["role"] {
        case "master": isReplica = false
        case "slave": isReplica = true
        default: return nil
        }
        guard isReplica else { return }
        isLinked =
            fields["master_link_status"] == "up" && fields["master_sync_in_progress"] != "1"
        let key: Substring =
            isLinked ? "master_last_io_seconds_ago" : "master_link_down_since_seconds"
        silence = fields[key].flatMap { Int($0) }.flatMap { $0 < 0 ? nil : $0 }
    }

    /// By one server's answer to `ROLE`.
    init?(_ answer: RESP) {
        guard case .array(let items?) = answer else { return nil }
        switch items.first?.text {
        case "master": isReplica = false
        case "slave":
            isReplica = true
            isLinked = items.count > 3 && items[3].text == "connected"
        default: return nil
        }
    }

    /// By all servers' answers to `ROLE`, which a proxy puts into one list.
    static func all(_ answer: RESP) -> [RedisRole] {
        if let one = RedisRole(answer) { return [one] }
        guard case .array(let items?) = answer else { return [] }
        let roles = items.compactMap { RedisRole($0) }
        return roles.count == items.count ? roles : []
    }
}
