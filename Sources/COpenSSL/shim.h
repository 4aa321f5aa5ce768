#ifndef LAKEGATE_COPENSSL_SHIM_H
#define LAKEGATE_COPENSSL_SHIM_H
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

/* OpenSSL's function-like macros, which Swift does not import. */

static inline int lakegate_ctx_set_min_version(SSL_CTX *ctx, int version) {
    return (int)SSL_CTX_set_min_proto_version(ctx, version);
}

/* Their values are casts, which Swift does not import either. */
static inline void lakegate_ctx_set_options(SSL_CTX *ctx) {
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
}

static inline void lakegate_ctx_set_mode(SSL_CTX *ctx, long mode) {
    SSL_CTX_set_mode(ctx, mode);
}

static inline void lakegate_ctx_set_session_cache_mode(SSL_CTX *ctx, long mode) {
    SSL_CTX_set_session_cache_mode(ctx, mode);
}

static inline int lakegate_ctx_set_groups(SSL_CTX *ctx, const char *list) {
    return (int)SSL_CTX_set1_groups_list(ctx, list);
}

static inline int lakegate_ctx_add_chain_certificate(SSL_CTX *ctx, X509 *certificate) {
    return (int)SSL_CTX_add1_chain_cert(ctx, certificate);
}

static inline void lakegate_ctx_set_name_callback(SSL_CTX *ctx, int (*callback)(SSL *, int *, void *)) {
    SSL_CTX_set_tlsext_servername_callback(ctx, callback);
}

/* Session tickets. */

typedef int (*lakegate_ticket_callback)(
    SSL *ssl, unsigned char *name, unsigned char *vector, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int sealing);

static inline void lakegate_ctx_set_ticket_callback(SSL_CTX *ctx, lakegate_ticket_callback callback) {
    SSL_CTX_set_tlsext_ticket_key_evp_cb(ctx, callback);
}

static inline int lakegate_ticket_mac(EVP_MAC_CTX *mac, const unsigned char *key) {
    char digest[] = "SHA256";
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, (void *)key, 32),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    return EVP_MAC_CTX_set_params(mac, params);
}

/* Keys of 32 bytes, a vector of 16. 1 if both are set up. */
static inline int lakegate_ticket_seal(
    EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, const unsigned char *key, const unsigned char *mac_key,
    const unsigned char *vector) {
    return EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key, vector) == 1 && lakegate_ticket_mac(mac, mac_key);
}

static inline int lakegate_ticket_open(
    EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, const unsigned char *key, const unsigned char *mac_key,
    const unsigned char *vector) {
    return EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key, vector) == 1 && lakegate_ticket_mac(mac, mac_key);
}

static inline int lakegate_set_host_name(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}

static inline void lakegate_bio_asks_for_more(BIO *bio) {
    BIO_set_retry_read(bio);
}

/* Alternative names, whose union and typed stack Swift does not import well. */

static inline GENERAL_NAMES *lakegate_alternative_names(const X509 *certificate) {
    return (GENERAL_NAMES *)X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
}

static inline int lakegate_alternative_name_count(const GENERAL_NAMES *names) {
    return sk_GENERAL_NAME_num(names);
}

/* The bytes of a DNS name, an e-mail address, a URI or an IP address, by *type; NULL for any other kind. */
static inline const unsigned char *lakegate_alternative_name(
    const GENERAL_NAMES *names, int index, int *type, int *length) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    const ASN1_STRING *text = NULL;
    *type = name->type;
    if (name->type == GEN_DNS) text = name->d.dNSName;
    if (name->type == GEN_EMAIL) text = name->d.rfc822Name;
    if (name->type == GEN_URI) text = name->d.uniformResourceIdentifier;
    if (name->type == GEN_IPADD) text = name->d.iPAddress;
    if (text == NULL) return NULL;
    *length = ASN1_STRING_length(text);
    return ASN1_STRING_get0_data(text);
}
#endif
