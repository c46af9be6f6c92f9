/* update_body: see update_body.h. */
#include "pages/update_body.h"

#include "base/limit.h"
#include "pages/json_hint.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const char BOM[] =
    "\xef\xbb\xbf"; /* may stand in front: RFC 8259, 8.1 */

/* jansson quotes the body, and may cut a character in two. */
static const char *only_utf8(const char *reason)
{
    json_t *string = json_string(reason);
    bool valid = string != NULL;

    json_decref(string);
    return valid ? reason : "a character that is not expected here";
}

/* Where the body is no JSON, and what its sender may have done. */
static void explain(const json_error_t *e, struct slice body, char *error)
{
    const char *hint = json_hint(body);

    snprintf(error, UPDATE_BODY_ERROR_SIZE,
             "invalid JSON at line %d, column %d: %s%s%s", e->line, e->column,
             only_utf8(e->text), hint ? "; " : "", hint ? hint : "");
}

static json_t *parse_object(const char *body, size_t len, char *error)
{
    /* As JSON.parse: any integer that a double can hold, and \u0000. */
    const size_t flags =
        JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL;
    json_error_t e;
    json_t *root;

    if (len == 0) {
        snprintf(error, UPDATE_BODY_ERROR_SIZE,
                 "empty body: expected a JSON object with a string \"text\"; "
                 "is -d missing?");
        return NULL;
    }
    root = json_loadb(body, len, flags, &e);
    if (root && json_is_object(root))
        return root;
    if (root)
        snprintf(error, UPDATE_BODY_ERROR_SIZE,
                 "the body must be a JSON object with a string \"text\"");
    else
        explain(&e, (struct slice){body, len}, error);
    json_decref(root);
    return NULL;
}

/* True if some client would end a line there. */
static bool breaks_lines(const char *name, size_t len)
{
    return memchr(name, '\n', len) || memchr(name, '\r', len) ||
           memchr(name, '\0', len) || strstr(name, "\xc2\x85") ||
           strstr(name, "\xe2\x80\xa8") || strstr(name, "\xe2\x80\xa9");
}

/* Returns why this cannot be the name of an event, or NULL. Sets *event to
 * NULL if it is what an event has without a name. */
static const char *judge_event(const json_t **event)
{
    const size_t len = json_string_length(*event);
    const char *name = json_string_value(*event);

    if (json_is_null(*event))
        *event = NULL;
    if (!*event)
        return NULL;
    if (!name || len > LIMIT_EVENT_NAME)
        return "\"event\" must be a string of at most 64 bytes";
    if (breaks_lines(name, len))
        return "\"event\" must not have a line break or U+0000";
    if (strcmp(name, "gap") == 0)
        return "the event \"gap\" is the server's own";
    if (len == 0 || strcmp(name, "message") == 0)
        *event = NULL;
    return NULL;
}

/* Makes the message, or says why there is none. */
static struct message *make(const json_t *root, int retry_ms, char *error)
{
    const json_t *text = json_object_get(root, "text");
    const json_t *event = json_object_get(root, "event");
    const char *reason = NULL;

    if (!text || (json_is_string(text) && json_string_length(text) == 0))
        reason = "text 필드를 채워주세요";
    else if (!json_is_string(text))
        reason = "\"text\" must be a string";
    else
        reason = judge_event(&event);
    if (!reason)
        return message_new(text, event, retry_ms);
    snprintf(error, UPDATE_BODY_ERROR_SIZE, "%s", reason);
    return NULL;
}

struct message *update_body_message(const char *body, size_t len, int retry_ms,
                                    char error[UPDATE_BODY_ERROR_SIZE])
{
    struct message *m;
    json_t *root;

    error[0] = '\0';
    if (len >= sizeof BOM - 1 && memcmp(body, BOM, sizeof BOM - 1) == 0) {
        body += sizeof BOM - 1;
        len -= sizeof BOM - 1;
    }
    root = parse_object(body, len, error);
    if (!root)
        return NULL;
    m = make(root, retry_ms, error);
    json_decref(root);
    return m;
}
