#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/dsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/* Macros, which Swift cannot import. */
static inline int muster_read_bytes(BIO *bio, const char **bytes) {
    return (int)BIO_get_mem_data(bio, bytes);
}

static inline int muster_set_dsa_bits(EVP_PKEY_CTX *context, int bits, int q_bits) {
    return EVP_PKEY_CTX_set_dsa_paramgen_bits(context, bits) > 0
        && EVP_PKEY_CTX_set_dsa_paramgen_q_bits(context, q_bits) > 0;
}

/* Adds an extension given as OpenSSL's configuration writes it. */
static inline int muster_add_extension(X509 *certificate, X509 *issuer, int nid, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    if (!extension) return 0;
    int result = X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return result;
}

/* Adds a DNS name or an address to a list of names, which is made when it is null. */
static inline GENERAL_NAMES *muster_add_name(GENERAL_NAMES *names, int type, const void *bytes, int length) {
    if (!names) names = sk_GENERAL_NAME_new_null();
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_STRING *text = ASN1_STRING_type_new(type == GEN_IPADD ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING);
    if (!names || !name || !text || !ASN1_STRING_set(text, bytes, length)) return NULL;
    GENERAL_NAME_set0_value(name, type, text);
    sk_GENERAL_NAME_push(names, name);
    return names;
}

/* Stores the list in a certificate and frees it. */
static inline int muster_add_names(X509 *certificate, GENERAL_NAMES *names, int critical) {
    int result = X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, critical, X509V3_ADD_DEFAULT);
    GENERAL_NAMES_free(names);
    return result;
}
