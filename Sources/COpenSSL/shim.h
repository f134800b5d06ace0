#pragma once
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

// What OpenSSL has as macros, which Swift does not see.
static inline int tls_set_minimum(SSL_CTX *context, int version) {
    return (int)SSL_CTX_set_min_proto_version(context, version);
}
static inline void tls_set_modes(SSL_CTX *context) {
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
}
static inline int tls_set_server_name(SSL *session, const char *name) {
    return (int)SSL_set_tlsext_host_name(session, name);
}
static inline long tls_bio_bytes(BIO *bio, char **start) { return BIO_get_mem_data(bio, start); }
static inline int tls_bio_reset(BIO *bio) { return (int)BIO_reset(bio); }
static inline int tls_error_reason(unsigned long error) { return ERR_GET_REASON(error); }
static inline int tls_error_is_tls(unsigned long error) { return ERR_GET_LIB(error) == ERR_LIB_SSL; }
static inline int tls_error_is_system(unsigned long error) { return ERR_SYSTEM_ERROR(error); }

// Stacks of names are macros over macros.
static inline int tls_name_count(GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }
static inline GENERAL_NAME *tls_name(GENERAL_NAMES *names, int index) {
    return sk_GENERAL_NAME_value(names, index);
}
static inline ASN1_STRING *tls_name_text(GENERAL_NAME *name) {
    switch (name->type) {
    case GEN_DNS: return name->d.dNSName;
    case GEN_EMAIL: return name->d.rfc822Name;
    case GEN_URI: return name->d.uniformResourceIdentifier;
    default: return 0;
    }
}
static inline ASN1_OCTET_STRING *tls_name_ip(GENERAL_NAME *name) {
    return name->type == GEN_IPADD ? name->d.iPAddress : 0;
}

// So are stacks of certificates.
static inline int tls_certificate_count(STACK_OF(X509) *list) { return sk_X509_num(list); }
static inline X509 *tls_certificate(STACK_OF(X509) *list, int index) {
    return sk_X509_value(list, index);
}
