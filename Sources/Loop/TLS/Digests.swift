import COpenSSL

/// Hashes and what servers' authentication makes of them, by OpenSSL.
package enum Digest: Sendable {
    case md5, sha1, sha256

    private var algorithm: OpaquePointer? {
        switch self {
        case .md5: EVP_md5()
        case .sha1: EVP_sha1()
        case .sha256: EVP_sha256()
        }
    }

    /// The hash of all of these bytes; empty where OpenSSL was built without it.
    package func hash(_ bytes: [UInt8]) -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        guard EVP_Digest(bytes, bytes.count, &hash, &count, algorithm, nil) == 1 else { return [] }
        return Array(hash.prefix(Int(count)))
    }

    /// HMAC (RFC 2104).
    package func authenticate(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        guard
            HMAC(algorithm, key, Int32(key.count), bytes, bytes.count, &code, &count) != nil
        else { return [] }
        return Array(code.prefix(Int(count)))
    }

    /// PBKDF2 (RFC 8018 section 5.2), as long as the hash is.
    package func stretch(password: [UInt8], salt: [UInt8], rounds: Int) -> [UInt8] {
        var key = [UInt8](repeating: 0, count: Int(EVP_MD_get_size(algorithm)))
        let done = password.withUnsafeBytes { password in
            PKCS5_PBKDF2_HMAC(
                password.bindMemory(to: CChar.self).baseAddress,
                Int32(password.count),
                salt,
                Int32(salt.count),
                Int32(rounds),
                algorithm,
                Int32(key.count),
                &key
            )
        }
        return done == 1 ? key : []
    }
}

/// Bytes that nobody can foretell.
package func randomBytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    // It fails only where the system has no randomness at all, and then nothing over TLS works.
    _ = RAND_bytes(&bytes, Int32(count))
    return bytes
}
