/// What may be wrong with a server, or with how it is asked.
enum Condition: String, CaseIterable, Sendable {
    case up
    case sealed = "up, over TLS"
    case dropped = "SYN dropped"
    case wrongPassword = "wrong password"
    case starting = "starting up"
    case full
    case readOnly = "read-only"
    case replica
    case clear = "TLS wanted, asked in the clear"
    case wrongAuthority = "authority not trusted"
    case wrongName = "certificate of another name"
    case expired = "certificate expired"
    case mail = "a mail server there"
    case web = "a web server there"
    // Last, as servers do not come back from it.
    case silent = "accepts, and says nothing"
    case stopped = "server stopped"

    /// Whether a certificate was seen and not trusted.
    var isDistrusted: Bool {
        [.wrongAuthority, .wrongName, .expired].contains(self)
    }
}
