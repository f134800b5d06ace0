import COpenSSL

/// Public RSA keys, which secrets are sealed with.
package enum PublicKey {
    /// RSA-OAEP with SHA-1 (RFC 8017 section 7.1), by a key in PEM; nil where that is none, or too
    /// short for so many bytes.
    package static func seal(_ bytes: [UInt8], by pem: [UInt8]) -> [UInt8]? {
        defer { ERR_clear_error() }
        // OpenSSL counts in Int32.
        guard pem.count < 1 << 20, let bio = BIO_new_mem_buf(pem, Int32(pem.count)) else {
            return nil
        }
        defer { BIO_free(bio) }
        guard let key = PEM_read_bio_PUBKEY(bio, nil, nil, nil) else { return nil }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_PKEY_CTX_new(key, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        var count = 0
        guard EVP_PKEY_encrypt_init(context) == 1,
            EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1,
            EVP_PKEY_encrypt(context, nil, &count, bytes, bytes.count) == 1
        else { return nil }
        var sealed = [UInt8](repeating: 0, count: count)
        guard EVP_PKEY_encrypt(context, &sealed, &count, bytes, bytes.count) == 1 else {
            return nil
        }
        return Array(sealed.prefix(count))
    }
}
