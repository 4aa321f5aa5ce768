#ifndef LAKEGATE_CCURL_SHIM_H
#define LAKEGATE_CCURL_SHIM_H
#include <curl/curl.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>

/* Swift cannot call variadic functions: one setter for each kind of value. */

typedef size_t (*lakegate_curl_sink)(char *bytes, size_t size, size_t count, void *sink);

static inline CURLcode lakegate_curl_set_number(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode lakegate_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode lakegate_curl_set_fields(CURL *handle, struct curl_slist *fields) {
    return curl_easy_setopt(handle, CURLOPT_HTTPHEADER, fields);
}

/* Copies the body; it may hold zero bytes. */
static inline CURLcode lakegate_curl_set_body(CURL *handle, const void *bytes, size_t count) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_COPYPOSTFIELDS, bytes);
}

/* Copies the blob. */
static inline CURLcode lakegate_curl_set_blob(CURL *handle, CURLoption option, const void *bytes, size_t count) {
    struct curl_blob blob = {(void *)bytes, count, CURL_BLOB_COPY};
    return curl_easy_setopt(handle, option, &blob);
}

static inline CURLcode lakegate_curl_set_sink(
    CURL *handle, CURLoption function, CURLoption data, lakegate_curl_sink sink, void *value) {
    CURLcode code = curl_easy_setopt(handle, function, sink);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, data, value);
}

/* Called on a connection that is made, right before the request is sent. */
static inline CURLcode lakegate_curl_ask_before_sending(CURL *handle, curl_prereq_callback ask, void *value) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, ask);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_PREREQDATA, value);
}

/* The buffer holds CURL_ERROR_SIZE bytes and outlives the handle, or is NULL. */
static inline CURLcode lakegate_curl_set_error_text(CURL *handle, char *buffer) {
    return curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, buffer);
}

static inline long lakegate_curl_status(CURL *handle) {
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

/* How many connections the last transfer opened. */
static inline long lakegate_curl_connects(CURL *handle) {
    long count = 0;
    curl_easy_getinfo(handle, CURLINFO_NUM_CONNECTS, &count);
    return count;
}

/* Takes OpenSSL's verdict, but for a server's certificate that lists no name: libcurl would go by its common name, which
   RFC 9110, section 4.3.4 leaves to the past and which authorities do not check. */
static inline int lakegate_curl_certificate_verified(int verdict, X509_STORE_CTX *store) {
    if (verdict != 1 || X509_STORE_CTX_get_error_depth(store) != 0) return verdict;
    X509 *certificate = X509_STORE_CTX_get_current_cert(store);
    if (X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1) >= 0) return 1;
    X509_STORE_CTX_set_error(store, X509_V_ERR_HOSTNAME_MISMATCH);
    return 0;
}

static inline CURLcode lakegate_curl_tls_made(CURL *handle, void *ctx, void *data) {
    (void)handle;
    (void)data;
    SSL_CTX_set_verify((SSL_CTX *)ctx, SSL_VERIFY_PEER, lakegate_curl_certificate_verified);
    return CURLE_OK;
}

static inline CURLcode lakegate_curl_demand_names(CURL *handle) {
    return curl_easy_setopt(handle, CURLOPT_SSL_CTX_FUNCTION, lakegate_curl_tls_made);
}

/* CURL_GLOBAL_ALL is a macro that Swift does not see. OpenSSL writes to sockets without MSG_NOSIGNAL, and with
   CURLOPT_NOSIGNAL libcurl leaves SIGPIPE as it is: a provider that hangs up would end the process. */
static inline CURLcode lakegate_curl_global_init(void) {
    signal(SIGPIPE, SIG_IGN);
    return curl_global_init(CURL_GLOBAL_ALL);
}

/* CURLVERSION_NOW is a macro that Swift does not see. */
static inline const curl_version_info_data *lakegate_curl_version(void) {
    return curl_version_info(CURLVERSION_NOW);
}
#endif
