/* handshakes COUNT: TLS 1.3 between two ends in memory, with P-256 certificates of one authority on both sides
   and one ticket. Prints full and resumed handshakes per second of the server's processor time, from taking
   the connection to its end. */
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include "bench.h"

static void demand(int ok, const char *what) {
    if (ok) return;
    fprintf(stderr, "%s\n", what);
    ERR_print_errors_fp(stderr);
    exit(1);
}

static X509 *certificate(EVP_PKEY *key, const char *name, X509 *issuer, EVP_PKEY *signer) {
    static long serial = 1;
    X509 *made = X509_new();
    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), serial++);
    X509_gmtime_adj(X509_getm_notBefore(made), -60);
    X509_gmtime_adj(X509_getm_notAfter(made), 86400);
    X509_set_pubkey(made, key);
    X509_NAME_add_entry_by_txt(
        X509_get_subject_name(made), "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(made, X509_get_subject_name(issuer ? issuer : made));
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer ? issuer : made, made, NULL, NULL, 0);
    X509_EXTENSION *basic = X509V3_EXT_conf_nid(
        NULL, &context, NID_basic_constraints, issuer ? "critical,CA:FALSE" : "critical,CA:TRUE");
    X509_add_ext(made, basic, -1);
    X509_EXTENSION_free(basic);
    demand(X509_sign(made, signer, EVP_sha256()) > 0, "sign");
    return made;
}

static SSL_SESSION *kept;

static int keep(SSL *ssl, SSL_SESSION *session) {
    (void)ssl;
    SSL_SESSION_free(kept);
    kept = session;
    return 1;
}

static SSL_CTX *context(const SSL_METHOD *method, X509 *shown, EVP_PKEY *key, X509 *authority) {
    SSL_CTX *made = SSL_CTX_new(method);
    SSL_CTX_set_min_proto_version(made, TLS1_3_VERSION);
    demand(SSL_CTX_use_certificate(made, shown) == 1 && SSL_CTX_use_PrivateKey(made, key) == 1, "use");
    X509_STORE_add_cert(SSL_CTX_get_cert_store(made), authority);
    SSL_CTX_set_verify(made, SSL_VERIFY_PEER, NULL);
    return made;
}

/* One handshake; returns the server's processor time. */
static double handshake(SSL_CTX *server, SSL_CTX *client, int resumes) {
    SSL *far = SSL_new(client);
    double time = 0, start = seconds(CLOCK_THREAD_CPUTIME_ID);
    SSL *near = SSL_new(server);
    BIO *one, *other;
    demand(BIO_new_bio_pair(&one, 1 << 17, &other, 1 << 17), "pair");
    SSL_set_bio(near, one, one);
    SSL_set_accept_state(near);
    time += seconds(CLOCK_THREAD_CPUTIME_ID) - start;
    SSL_set_bio(far, other, other);
    SSL_set_connect_state(far);
    if (resumes) demand(SSL_set_session(far, kept), "session");
    int farDone = 0, nearDone = 0;
    for (int turn = 0; turn < 10 && !(farDone && nearDone); turn++) {
        farDone = SSL_do_handshake(far) == 1;
        start = seconds(CLOCK_THREAD_CPUTIME_ID);
        nearDone = SSL_do_handshake(near) == 1;
        time += seconds(CLOCK_THREAD_CPUTIME_ID) - start;
    }
    demand(farDone && nearDone, "handshake");
    demand(SSL_session_reused(near) == resumes, "resumed");
    char byte;
    SSL_read(far, &byte, 1); /* takes the ticket */
    start = seconds(CLOCK_THREAD_CPUTIME_ID);
    X509_free(SSL_get1_peer_certificate(near));
    SSL_free(near);
    time += seconds(CLOCK_THREAD_CPUTIME_ID) - start;
    SSL_set_shutdown(far, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(far);
    return time;
}

int main(int count, char **arguments) {
    if (count != 2) return 2;
    EVP_PKEY *authorityKey = EVP_EC_gen("P-256"), *serverKey = EVP_EC_gen("P-256");
    EVP_PKEY *deviceKey = EVP_EC_gen("P-256");
    X509 *authority = certificate(authorityKey, "authority", NULL, authorityKey);
    SSL_CTX *server = context(
        TLS_server_method(), certificate(serverKey, "localhost", authority, authorityKey), serverKey, authority);
    SSL_CTX *client = context(
        TLS_client_method(), certificate(deviceKey, "device", authority, authorityKey), deviceKey, authority);
    SSL_CTX_set_session_cache_mode(server, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_session_id_context(server, (const unsigned char *)"bench", 5);
    SSL_CTX_set_num_tickets(server, 1);
    SSL_CTX_add_client_CA(server, authority);
    SSL_CTX_set_session_cache_mode(client, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(client, keep);
    int handshakes = atoi(arguments[1]);
    double full = 0, resumed = 0;
    handshake(server, client, 0);
    for (int i = 0; i < handshakes; i++) {
        full += handshake(server, client, 0);
        resumed += handshake(server, client, 1);
    }
    printf("full %f\nresumed %f\n", handshakes / full, handshakes / resumed);
    return 0;
}
