import Loop

/// How a password is proved, by the plugin that the server names.
enum MySQLPassword {
    case native
    /// *Experimental*: no server here proves it.
    case cachingSHA2
    case clear

    init?(plugin: String) {
        switch plugin {
        case "mysql_native_password": self = .native
        case "caching_sha2_password": self = .cachingSHA2
        case "mysql_clear_password": self = .clear
        default: return nil
        }
    }

    /// Without a password there is nothing to prove, and an empty proof says so.
    func proof(_ password: String, _ nonce: [UInt8]) -> [UInt8] {
        let secret = Array(password.utf8)
        switch self {
        case .clear: return MySQLPassword.plain(password)
        case _ where secret.isEmpty: return []
        case .native:
            let once = Digest.sha1.hash(secret)
            let salted = Digest.sha1.hash(nonce + Digest.sha1.hash(once))
            return zip(once, salted).map { $0 ^ $1 }
        case .cachingSHA2:
            let once = Digest.sha256.hash(secret)
            let salted = Digest.sha256.hash(Digest.sha256.hash(once) + nonce)
            return zip(once, salted).map { $0 ^ $1 }
        }
    }

    /// The password itself, for a channel that nobody reads.
    static func plain(_ password: String) -> [UInt8] { password.utf8.filter { $0 != 0 } + [0] }

    /// The password for the holder of the key alone: mixed with the nonce, so that it cannot be
    /// sent again, then RSA with OAEP. Nil: the key is none, or too short for the password.
    static func sealed(_ password: String, _ nonce: [UInt8], key: [UInt8]) -> [UInt8]? {
        guard !nonce.isEmpty else { return nil }
        let mixed = plain(password).enumerated().map { $1 ^ nonce[$0 % nonce.count] }
        return PublicKey.seal(mixed, by: key)
    }
}
