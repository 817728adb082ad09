#include "CHTTPClient.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct transfer {
    uint64_t id;
    CURL *easy;
    struct curl_slist *headers;
    http_events_t events;
    int refuses_special_addresses;
    int is_unwanted;
    int is_forbidden;
    /// The connection ended after the body, or a part of it, had been sent.
    int is_broken;
    uint8_t *body;
    size_t body_length;
    size_t body_sent;
    char error[CURL_ERROR_SIZE];
    struct transfer *next;
} transfer_t;

typedef struct cancellation {
    uint64_t id;
    struct cancellation *next;
} cancellation_t;

/// Shared with callers, under `lock`.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static CURLM *multi;
static uint64_t last_id;
static transfer_t *arriving;
static cancellation_t *cancellations;
/// Of the thread only.
static transfer_t *running;

static size_t send_body(char *target, size_t size, size_t count, void *context) {
    transfer_t *transfer = context;
    size_t left = transfer->body_length - transfer->body_sent;
    size_t length = size * count < left ? size * count : left;
    if (length > 0) memcpy(target, transfer->body + transfer->body_sent, length);
    transfer->body_sent += length;
    return length;
}

/// The library sends a request again by itself when a kept connection ends before anything was answered. What the server
/// made of the first one is not known then, so a body that was sent is not given again.
static int rewind_body(void *context, curl_off_t offset, int origin) {
    transfer_t *transfer = context;
    if (offset == 0 && origin == SEEK_SET && transfer->body_sent == 0) return CURL_SEEKFUNC_OK;
    transfer->is_broken = 1;
    return CURL_SEEKFUNC_FAIL;
}

static size_t received_head(char *line, size_t size, size_t count, void *context) {
    transfer_t *transfer = context;
    size_t length = size * count;
    size_t shown = length;
    while (shown > 0 && (line[shown - 1] == '\n' || line[shown - 1] == '\r')) shown--;
    transfer->events.on_head_line(transfer->events.context, line, shown);
    return length;
}

static size_t received_body(char *bytes, size_t size, size_t count, void *context) {
    transfer_t *transfer = context;
    size_t length = size * count;
    if (transfer->events.on_body(transfer->events.context, (const uint8_t *)bytes, length) != 0) {
        transfer->is_unwanted = 1;
        return CURL_WRITEFUNC_ERROR;
    }
    return length;
}

/// The name is resolved and the connection made, and nothing sent yet: what a name resolves to cannot change any more.
static int before_request(void *context, char *remote, char *local, int remote_port, int local_port) {
    (void)local;
    (void)remote_port;
    (void)local_port;
    transfer_t *transfer = context;
    if (transfer->refuses_special_addresses && http_is_special_address(remote)) {
        transfer->is_forbidden = 1;
        return CURL_PREREQFUNC_ABORT;
    }
    return CURL_PREREQFUNC_OK;
}

static int end_code(const transfer_t *transfer, CURLcode code) {
    if (transfer->is_forbidden) return HTTP_END_FORBIDDEN_ADDRESS;
    if (transfer->is_unwanted) return HTTP_END_UNWANTED;
    if (transfer->is_broken) return HTTP_END_BROKEN;
    switch (code) {
    case CURLE_OK: return HTTP_END_COMPLETE;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return HTTP_END_UNKNOWN_HOST;
    case CURLE_COULDNT_CONNECT: return HTTP_END_NO_CONNECTION;
    case CURLE_OPERATION_TIMEDOUT: return HTTP_END_TIMED_OUT;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR: return HTTP_END_CERTIFICATE;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_USE_SSL_FAILED: return HTTP_END_TLS;
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: return HTTP_END_BROKEN;
    default: return HTTP_END_OTHER;
    }
}

static void release(transfer_t *transfer) {
    if (transfer->easy != NULL) curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->headers);
    free(transfer->body);
    free(transfer);
}

/// Takes a running transfer out, tells its end and frees it.
static void finish(transfer_t *transfer, int code, const char *message) {
    for (transfer_t **link = &running; *link != NULL; link = &(*link)->next) {
        if (*link == transfer) {
            *link = transfer->next;
            break;
        }
    }
    curl_multi_remove_handle(multi, transfer->easy);
    transfer->events.on_end(transfer->events.context, code, message);
    release(transfer);
}

static void take_arrivals(void) {
    pthread_mutex_lock(&lock);
    transfer_t *new_ones = arriving;
    cancellation_t *unwanted = cancellations;
    arriving = NULL;
    cancellations = NULL;
    pthread_mutex_unlock(&lock);
    while (new_ones != NULL) {
        transfer_t *transfer = new_ones;
        new_ones = transfer->next;
        transfer->next = running;
        running = transfer;
        if (curl_multi_add_handle(multi, transfer->easy) != CURLM_OK) {
            finish(transfer, HTTP_END_OTHER, "the transfer could not be added");
        }
    }
    while (unwanted != NULL) {
        cancellation_t *cancellation = unwanted;
        unwanted = cancellation->next;
        for (transfer_t *transfer = running; transfer != NULL; transfer = transfer->next) {
            if (transfer->id != cancellation->id) continue;
            finish(transfer, HTTP_END_CANCELLED, "cancelled");
            break;
        }
        free(cancellation);
    }
}

static void *live(void *unused) {
    (void)unused;
    // Signals are for other threads; a broken pipe of a TLS library ends nobody.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    for (;;) {
        take_arrivals();
        int count = 0;
        curl_multi_perform(multi, &count);
        CURLMsg *message;
        int left = 0;
        while ((message = curl_multi_info_read(multi, &left)) != NULL) {
            if (message->msg != CURLMSG_DONE) continue;
            transfer_t *transfer = NULL;
            CURLcode code = message->data.result;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
            if (transfer->is_broken) strcpy(transfer->error, "the connection ended before anything was answered");
            const char *text = transfer->error[0] != 0 ? transfer->error : curl_easy_strerror(code);
            finish(transfer, end_code(transfer, code), text);
        }
        curl_multi_poll(multi, NULL, 0, 60000, NULL);
    }
    return NULL;
}

static void begin(void) {
    enum { kept_connections = 64 };
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0) return;
    multi = curl_multi_init();
    if (multi == NULL) return;
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)kept_connections);
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&thread, &attributes, live, NULL) != 0) {
        curl_multi_cleanup(multi);
        multi = NULL;
    }
    pthread_attr_destroy(&attributes);
}

static int set_up(transfer_t *transfer, const http_request_t *request) {
    CURL *easy = curl_easy_init();
    transfer->easy = easy;
    if (easy == NULL) return 0;
    // Each `Expect:` and the like of the library is left out; the caller says every header.
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
    for (const char *const *line = request->headers; *line != NULL; line++) {
        struct curl_slist *longer = curl_slist_append(headers, *line);
        if (longer == NULL) {
            curl_slist_free_all(headers);
            return 0;
        }
        headers = longer;
    }
    transfer->headers = headers;
    int failures = 0;
#define SET(option, value) failures += curl_easy_setopt(easy, option, value) != CURLE_OK
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CURLOPT_TCP_KEEPALIVE, 1L);
    SET(CURLOPT_TCP_KEEPIDLE, 30L);
    SET(CURLOPT_TCP_KEEPINTVL, 15L);
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_URL, request->url);
    SET(CURLOPT_HTTPHEADER, headers);
    SET(CURLOPT_CONNECTTIMEOUT_MS, request->connect_timeout_milliseconds);
    SET(CURLOPT_TIMEOUT_MS, request->timeout_milliseconds);
    SET(CURLOPT_HEADERFUNCTION, received_head);
    SET(CURLOPT_HEADERDATA, transfer);
    SET(CURLOPT_WRITEFUNCTION, received_body);
    SET(CURLOPT_WRITEDATA, transfer);
    SET(CURLOPT_ERRORBUFFER, transfer->error);
    SET(CURLOPT_PRIVATE, transfer);
    SET(CURLOPT_PREREQFUNCTION, before_request);
    SET(CURLOPT_PREREQDATA, transfer);
    if (request->refuses_special_addresses) SET(CURLOPT_FRESH_CONNECT, 1L);
    if (request->certificate_file != NULL) SET(CURLOPT_CAINFO, request->certificate_file);
    if (request->has_body) {
        transfer->body_length = request->body_length;
        transfer->body = malloc(request->body_length > 0 ? request->body_length : 1);
        if (transfer->body == NULL) return 0;
        if (request->body_length > 0) memcpy(transfer->body, request->body, request->body_length);
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
        SET(CURLOPT_READFUNCTION, send_body);
        SET(CURLOPT_READDATA, transfer);
        SET(CURLOPT_SEEKFUNCTION, rewind_body);
        SET(CURLOPT_SEEKDATA, transfer);
    }
    SET(CURLOPT_CUSTOMREQUEST, request->method);
#undef SET
    return failures == 0;
}

uint64_t http_transfer_start(const http_request_t *request, http_events_t events) {
    pthread_once(&once, begin);
    if (multi == NULL) return 0;
    transfer_t *transfer = calloc(1, sizeof *transfer);
    if (transfer == NULL) return 0;
    transfer->events = events;
    transfer->refuses_special_addresses = request->refuses_special_addresses;
    if (!set_up(transfer, request)) {
        release(transfer);
        return 0;
    }
    pthread_mutex_lock(&lock);
    uint64_t id = ++last_id;
    transfer->id = id;
    transfer->next = arriving;
    arriving = transfer;
    pthread_mutex_unlock(&lock);
    curl_multi_wakeup(multi);
    return id;
}

void http_transfer_cancel(uint64_t id) {
    cancellation_t *cancellation = calloc(1, sizeof *cancellation);
    if (cancellation == NULL) return;
    cancellation->id = id;
    pthread_mutex_lock(&lock);
    cancellation->next = cancellations;
    cancellations = cancellation;
    pthread_mutex_unlock(&lock);
    curl_multi_wakeup(multi);
}

int http_address_parse(const char *base, const char *reference, http_address_t *address) {
    memset(address, 0, sizeof *address);
    CURLU *url = curl_url();
    if (url == NULL) return 0;
    int is_good = base == NULL || curl_url_set(url, CURLUPART_URL, base, 0) == CURLUE_OK;
    is_good = is_good && curl_url_set(url, CURLUPART_URL, reference, 0) == CURLUE_OK;
    is_good = is_good && curl_url_get(url, CURLUPART_SCHEME, &address->scheme, 0) == CURLUE_OK;
    is_good = is_good && (strcasecmp(address->scheme, "http") == 0 || strcasecmp(address->scheme, "https") == 0);
    is_good = is_good && curl_url_get(url, CURLUPART_HOST, &address->host, 0) == CURLUE_OK;
    is_good = is_good && curl_url_get(url, CURLUPART_PORT, &address->port, CURLU_DEFAULT_PORT) == CURLUE_OK;
    is_good = is_good && curl_url_get(url, CURLUPART_PATH, &address->path, 0) == CURLUE_OK;
    is_good = is_good && curl_url_get(url, CURLUPART_URL, &address->url, 0) == CURLUE_OK;
    if (is_good) {
        curl_url_get(url, CURLUPART_QUERY, &address->query, 0);
        curl_url_get(url, CURLUPART_FRAGMENT, &address->fragment, 0);
        char *user = NULL;
        address->has_user = curl_url_get(url, CURLUPART_USER, &user, 0) == CURLUE_OK;
        curl_free(user);
    }
    curl_url_cleanup(url);
    if (!is_good) http_address_free(address);
    return is_good;
}

void http_address_free(http_address_t *address) {
    char *parts[] = {address->url,  address->scheme, address->host,    address->port,
                     address->path, address->query,  address->fragment};
    for (size_t index = 0; index < sizeof parts / sizeof *parts; index++) curl_free(parts[index]);
    memset(address, 0, sizeof *address);
}

static int is_special_ipv4(uint32_t address) {
    // Source: IANA's registry of special-purpose IPv4 addresses.
    static const struct { uint32_t network; int bits; } ranges[] = {
        {0x00000000, 8},  {0x0A000000, 8},  {0x64400000, 10}, {0x7F000000, 8},  {0xA9FE0000, 16}, {0xAC100000, 12},
        {0xC0000000, 24}, {0xC0000200, 24}, {0xC0A80000, 16}, {0xC6120000, 15}, {0xC6336400, 24}, {0xCB007100, 24},
        {0xE0000000, 4},  {0xF0000000, 4},
    };
    for (size_t index = 0; index < sizeof ranges / sizeof *ranges; index++) {
        uint32_t mask = 0xFFFFFFFFu << (32 - ranges[index].bits);
        if ((address & mask) == ranges[index].network) return 1;
    }
    return 0;
}

int http_is_special_address(const char *text) {
    char plain[INET6_ADDRSTRLEN + 1];
    size_t length = strcspn(text, "%]");
    if (text[0] == '[') {
        text++;
        length--;
    }
    if (length >= sizeof plain) return 1;
    memcpy(plain, text, length);
    plain[length] = 0;
    struct in_addr four;
    if (inet_pton(AF_INET, plain, &four) == 1) return is_special_ipv4(ntohl(four.s_addr));
    struct in6_addr six;
    // Not an address at all: nothing can be said for it.
    if (inet_pton(AF_INET6, plain, &six) != 1) return 1;
    const uint8_t *bytes = six.s6_addr;
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    static const uint8_t zeros[12] = {0};
    static const uint8_t translated[12] = {0x00, 0x64, 0xFF, 0x9B};
    if (memcmp(bytes, mapped, 12) == 0 || memcmp(bytes, translated, 12) == 0 || memcmp(bytes, zeros, 12) == 0) {
        uint32_t inner = (uint32_t)bytes[12] << 24 | (uint32_t)bytes[13] << 16 | (uint32_t)bytes[14] << 8 | bytes[15];
        return memcmp(bytes, zeros, 12) == 0 || is_special_ipv4(inner);
    }
    // Unique local, link-local and the old site-local, multicast, documentation.
    return (bytes[0] & 0xFE) == 0xFC || (bytes[0] == 0xFE && (bytes[1] & 0x80) == 0x80) || bytes[0] == 0xFF
        || (bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0x0D && bytes[3] == 0xB8);
}
