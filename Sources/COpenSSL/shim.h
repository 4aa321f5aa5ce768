#ifndef LAKEGATE_COPENSSL_SHIM_H
#define LAKEGATE_COPENSSL_SHIM_H
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
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

/* Keys of signed tokens, whose parameter arrays Swift does not import. Each is freed with EVP_PKEY_free; NULL if it is no key. */

static inline EVP_PKEY *lakegate_key_from(const char *kind, int selection, OSSL_PARAM *parameters) {
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
    if (context == NULL || EVP_PKEY_fromdata_init(context) != 1
        || EVP_PKEY_fromdata(context, &key, selection, parameters) != 1) key = NULL;
    EVP_PKEY_CTX_free(context);
    return key;
}

/* P-256: an uncompressed point of 65 bytes, and the private number of 32 bytes unless that is NULL. */
static inline EVP_PKEY *lakegate_p256_key(const unsigned char *point, const unsigned char *number) {
    unsigned char native[32];
    OSSL_PARAM parameters[4], *next = parameters;
    *next++ = OSSL_PARAM_construct_utf8_string("group", (char *)"prime256v1", 0);
    *next++ = OSSL_PARAM_construct_octet_string("pub", (void *)point, 65);
    if (number != NULL) {
        BIGNUM *value = BN_bin2bn(number, 32, NULL);
        BN_bn2nativepad(value, native, 32);
        BN_clear_free(value);
        *next++ = OSSL_PARAM_construct_BN("priv", native, 32);
    }
    *next = OSSL_PARAM_construct_end();
    EVP_PKEY *key = lakegate_key_from("EC", number ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, parameters);
    OPENSSL_cleanse(native, sizeof native);
    return key;
}

/* The uncompressed point of a private number of P-256, 65 bytes. 1 if the number is one of the curve's. */
static inline int lakegate_p256_point(const unsigned char *number, unsigned char *point) {
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    EC_POINT *place = group ? EC_POINT_new(group) : NULL;
    BIGNUM *value = BN_bin2bn(number, 32, NULL);
    int good = place && value && !BN_is_zero(value) && BN_cmp(value, EC_GROUP_get0_order(group)) < 0
        && EC_POINT_mul(group, place, value, NULL, NULL, NULL) == 1
        && EC_POINT_point2oct(group, place, POINT_CONVERSION_UNCOMPRESSED, point, 65, NULL) == 65;
    BN_clear_free(value);
    EC_POINT_free(place);
    EC_GROUP_free(group);
    return good;
}

/* Modulus and exponent, big-endian. */
static inline EVP_PKEY *lakegate_rsa_key(
    const unsigned char *modulus, int modulus_length, const unsigned char *exponent, int exponent_length) {
    EVP_PKEY *key = NULL;
    OSSL_PARAM *parameters = NULL;
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    BIGNUM *n = BN_bin2bn(modulus, modulus_length, NULL), *e = BN_bin2bn(exponent, exponent_length, NULL);
    if (builder && n && e && OSSL_PARAM_BLD_push_BN(builder, "n", n) == 1
        && OSSL_PARAM_BLD_push_BN(builder, "e", e) == 1) parameters = OSSL_PARAM_BLD_to_param(builder);
    if (parameters) key = lakegate_key_from("RSA", EVP_PKEY_PUBLIC_KEY, parameters);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    BN_free(n);
    BN_free(e);
    return key;
}
#endif
