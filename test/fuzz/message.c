/* message: an input is the body of a POST /update; and a text to be posted. */
#include "store/message.h"
#include "pages/update_body.h"

#include "fuzz.h"

#include <inttypes.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    struct event_id id;
    int retry_ms;
} stamps[] = {
    {{1744353420000, 0}, 10000},
    {{0, 0}, 0},
    {{1744353420000, 1}, 1},
    {{INT64_MAX, UINT64_MAX}, INT_MAX},
};

/* The name that a message of this object must have, or NULL: none. False if no
 * message may be made of it. */
static bool judge_name(const json_t *root, const char **name)
{
    const json_t *event = json_object_get(root, "event");
    const char *value = json_string_value(event);

    *name = NULL;
    if (!event || json_is_null(event))
        return true;
    if (!value || json_string_length(event) > 64 ||
        json_string_length(event) != strcspn(value, "\r\n") ||
        strstr(value, "\xc2\x85") || strstr(value, "\xe2\x80\xa8") ||
        strstr(value, "\xe2\x80\xa9") || !strcmp(value, "gap"))
        return false;
    if (*value && strcmp(value, "message") != 0)
        *name = value;
    return true;
}

/* The text that a message of this body must have, and its name, to be freed, or
 * NULL; NULL if none may be made of it. The caller unrefs it. */
static json_t *reference(struct slice body, char **name)
{
    const size_t flags =
        JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL;
    size_t mark =
        body.len >= 3 && memcmp(body.at, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    json_t *root = json_loadb(body.at + mark, body.len - mark, flags, NULL);
    json_t *text = json_incref(json_object_get(root, "text"));
    const char *value;
    bool good = judge_name(root, &value);

    *name = good && value ? strdup(value) : NULL;
    json_decref(root);
    if (good && json_string_length(text) > 0)
        return text;
    free(*name);
    *name = NULL;
    json_decref(text);
    return NULL;
}

/* The event is one line of JSON between lines that are known. */
static void check_event(const struct message *m, const char *name, size_t i)
{
    struct slice event = message_event(m), json = message_json(m);
    char id[EVENT_ID_SIZE], *wanted;
    int len;

    event_id_print(stamps[i].id, id);
    len = asprintf(&wanted, "retry: %d\nid: %s\n%s%s%sdata: %.*s\n\n",
                   stamps[i].retry_ms, id, name ? "event: " : "",
                   name ? name : "", name ? "\n" : "", (int)json.len, json.at);
    assert(len > 0 && fuzz_same(event, (struct slice){wanted, (size_t)len}));
    for (size_t k = 0; k < json.len; k++)
        assert((unsigned char)json.at[k] >= ' ');
    free(wanted);
}

/* The JSON says what was posted, and when, as short as can be. */
static void check_json(const struct message *m, const json_t *text,
                       const char *name, size_t i)
{
    struct slice json = message_json(m);
    json_t *root = json_loadb(json.at, json.len, JSON_ALLOW_NUL, NULL);
    const json_t *timestamp = json_object_get(root, "timestamp");
    char *compact;

    assert(root && json_object_size(root) == (name ? 3 : 2));
    assert(!name ||
           !strcmp(json_string_value(json_object_get(root, "event")), name));
    assert(json_equal(json_object_get(root, "text"), text));
    assert(json_is_integer(timestamp));
    assert(json_integer_value(timestamp) == stamps[i].id.ms);
    compact = json_dumps(root, JSON_COMPACT);
    /* Three characters are escaped that jansson leaves: see json_line.h. */
    assert(json.len > strlen(compact) || slice_is(json, compact));
    assert(!memmem(json.at, json.len, "\xc2\x85", 2));
    assert(!memmem(json.at, json.len, "\xe2\x80\xa8", 3));
    assert(!memmem(json.at, json.len, "\xe2\x80\xa9", 3));
    free(compact);
    json_decref(root);
}

static struct message *make(struct slice body, size_t i,
                            struct update_refusal *refusal)
{
    struct message *m =
        update_body_message(body.at, body.len, stamps[i].retry_ms, refusal);

    if (!m)
        return NULL;
    message_stamp(m, stamps[i].id, stamps[i].id.ms);
    assert(event_id_compare(message_id(m), stamps[i].id) == 0);
    return m;
}

/* A posted reply is the same message again. */
static void check_again(const struct message *m, size_t i)
{
    struct update_refusal refusal;
    struct message *again = make(message_json(m), i, &refusal);

    assert(again && fuzz_same(message_event(again), message_event(m)));
    message_unref(again);
}

/* What is wrong is a text, which goes into JSON as it is. */
static void check_refusal(const struct update_refusal *refusal)
{
    json_t *text;

    assert(refusal->status == 400 || refusal->status == 413);
    assert(memchr(refusal->reason, '\0', sizeof refusal->reason));
    text = json_string(refusal->reason);
    assert(json_string_length(text) > 0);
    json_decref(text);
}

/* The length of the character that s begins with; 0 if that is no UTF-8. */
static size_t character(struct slice s)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = (unsigned char)s.at[0];
    size_t len = first < 0x80   ? 1
                 : first < 0xc0 ? 0
                 : first < 0xe0 ? 2
                 : first < 0xf0 ? 3
                 : first < 0xf8 ? 4
                                : 0;
    uint32_t code = len > 1 ? first & (0x7fU >> len) : first;

    if (len > s.len)
        return 0;
    for (size_t i = 1; i < len; i++) {
        if ((s.at[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (s.at[i] & 0x3f);
    }
    if (code < least[len] || code > 0x10ffff ||
        (code >= 0xd800 && code < 0xe000))
        return 0;
    return len;
}

static bool is_utf8(struct slice s)
{
    while (s.len > 0) {
        size_t len = character(s);

        if (len == 0)
            return false;
        s.at += len;
        s.len -= len;
    }
    return true;
}

/* Any text that is UTF-8 can be posted, and arrives as it was. */
static void check_posted(struct slice text)
{
    struct update_refusal refusal;
    char *bytes;
    size_t escaped = fuzz_choice(text, 0x7f); /* these, and what must be */
    struct slice body;
    struct message *m;
    FILE *f = open_memstream(&bytes, &body.len);

    fputs("{\"text\":\"", f);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];

        if (c < ' ' || c == '"' || c == '\\' || c == escaped)
            fprintf(f, "\\u%04x", c);
        else
            fputc(c, f);
    }
    fputs("\"}", f);
    fclose(f);
    body.at = bytes;
    m = make(body, 0, &refusal);
    assert(!m == (text.len == 0 || !is_utf8(text)));
    if (m) {
        json_t *wanted = json_stringn_nocheck(text.at, text.len);

        check_event(m, NULL, 0);
        check_json(m, wanted, NULL, 0);
        json_decref(wanted);
    } else {
        check_refusal(&refusal);
    }
    message_unref(m);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct slice body = {(const char *)bytes, len};
    size_t i = fuzz_choice(body, sizeof stamps / sizeof *stamps);
    char *name;
    json_t *text = reference(body, &name);
    struct update_refusal *refusal = malloc(sizeof *refusal);
    struct message *m = make(body, i, refusal);

    /* Too many values are refused, whatever else the body has. */
    assert(!m == !text || (!m && refusal->status == 413));
    if (m) {
        check_event(m, name, i);
        check_json(m, text, name, i);
        check_again(m, i);
    } else {
        check_refusal(refusal);
    }
    check_posted(body);
    message_unref(m);
    json_decref(text);
    free(name);
    free(refusal);
    return 0;
}
