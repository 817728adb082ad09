#pragma once

#include <stddef.h>
#include <stdint.h>

/// What a transfer tells. All are called on the client's own thread, one after the other; none may block.
typedef struct {
    void *context;
    /// A line of the answer's head without its line end: the status line first, an empty one last. Answers that are not
    /// final (1xx) come before it in the same way.
    void (*on_head_line)(void *context, const char *line, size_t length);
    /// Bytes of the body; the transfer ends when this is not 0.
    int (*on_body)(void *context, const uint8_t *bytes, size_t length);
    /// Called exactly once, and nothing after it. `code` is 0 when the answer has come to its end.
    void (*on_end)(void *context, int code, const char *message);
} http_events_t;

/// Why a transfer ended.
enum {
    HTTP_END_COMPLETE = 0,
    HTTP_END_CANCELLED = 1,
    HTTP_END_UNKNOWN_HOST = 2,
    HTTP_END_NO_CONNECTION = 3,
    HTTP_END_TIMED_OUT = 4,
    /// A certificate is not trusted.
    HTTP_END_CERTIFICATE = 5,
    HTTP_END_TLS = 6,
    /// The connection broke off.
    HTTP_END_BROKEN = 7,
    /// `on_body` did not want more.
    HTTP_END_UNWANTED = 8,
    /// The address is one that the request must not be sent to.
    HTTP_END_FORBIDDEN_ADDRESS = 9,
    HTTP_END_OTHER = 10,
};

/// A request; everything is copied.
typedef struct {
    const char *method;
    const char *url;
    /// `Name: value`, ended by a null pointer. An empty value is written `Name;`.
    const char *const *headers;
    const uint8_t *body;
    size_t body_length;
    int has_body;
    long connect_timeout_milliseconds;
    /// For the whole transfer; 0 for none.
    long timeout_milliseconds;
    /// Whether private, loopback, link-local and other special addresses are refused, after the name is resolved.
    int refuses_special_addresses;
    /// A file with the certificates to trust; null for the system's.
    const char *certificate_file;
} http_request_t;

/// Begins a transfer on the process's only client. Returns its id, or 0 when it could not be set up; then no event comes.
uint64_t http_transfer_start(const http_request_t *request, http_events_t events);

/// Ends a transfer soon; `on_end` is called with `HTTP_END_CANCELLED` unless it has ended already.
void http_transfer_cancel(uint64_t id);

/// The parts of an http or https URL. Strings are null or to be freed by `http_address_free`.
typedef struct {
    char *url;
    char *scheme;
    char *host;
    char *port;
    char *path;
    char *query;
    char *fragment;
    int has_user;
} http_address_t;

/// Takes `reference` apart, resolved against `base` unless that is null. Returns 0 when it is no http or https URL.
int http_address_parse(const char *base, const char *reference, http_address_t *address);
void http_address_free(http_address_t *address);

/// Whether a text is an IPv4 or IPv6 address that is not a public one.
int http_is_special_address(const char *text);
