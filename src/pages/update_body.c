/* update_body: see update_body.h. */
#include "pages/update_body.h"

#include "base/json_memory.h"
#include "base/limit.h"
#include "pages/event_name.h"
#include "pages/json_count.h"
#include "pages/json_hint.h"
#include "server/stack.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* May stand in front: RFC 8259, 8.1. */
static const char BOM[] = "\xef\xbb\xbf";

static void *refuse(struct update_refusal *refusal, int status,
                    const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Returns NULL, for the caller to return. */
static void *refuse(struct update_refusal *refusal, int status,
                    const char *format, ...)
{
    va_list values;

    refusal->status = status;
    va_start(values, format);
    vsnprintf(refusal->reason, sizeof refusal->reason, format, values);
    va_end(values);
    return NULL;
}

static void *refuse_for_memory(struct update_refusal *refusal)
{
    return refuse(refusal, 503, "out of memory");
}

/* jansson quotes the body, and may cut a character in two. */
static const char *only_utf8(const char *reason)
{
    json_t *string = json_string(reason);
    bool valid = string != NULL;

    json_decref(string);
    return valid ? reason : "a character that is not expected here";
}

/* Where the body is no JSON, and what its sender may have done. */
static void *explain(struct update_refusal *refusal, const json_error_t *e,
                     struct slice body)
{
    const char *hint = json_hint(body);

    return refuse(refusal, 400, "invalid JSON at line %d, column %d: %s%s%s",
                  e->line, e->column, only_utf8(e->text), hint ? "; " : "",
                  hint ? hint : "");
}

static json_t *parse(struct slice body, struct update_refusal *refusal)
{
    json_error_t e;
    json_t *root = json_memory_load(body, &e);

    if (root)
        return root;
    return e.text[0] ? explain(refusal, &e, body) : refuse_for_memory(refusal);
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
    if (!name)
        return "\"event\" must be a string of at most 64 bytes";
    if (event_name_is_none((struct slice){name, len}))
        *event = NULL;
    return event_name_wrong((struct slice){name, len});
}

static struct message *make_message(const json_t *root, int retry_ms,
                                    struct update_refusal *refusal)
{
    const json_t *text = json_object_get(root, "text");
    const json_t *event = json_object_get(root, "event");
    const char *reason;
    struct message *m;

    if (!json_is_object(root))
        return refuse(refusal, 400,
                      "the body must be a JSON object with a string \"text\"");
    if (!text || (json_is_string(text) && json_string_length(text) == 0))
        return refuse(refusal, 400, "text 필드를 채워주세요");
    if (!json_is_string(text))
        return refuse(refusal, 400, "\"text\" must be a string");
    reason = judge_event(&event);
    if (reason)
        return refuse(refusal, 400, "%s", reason);
    m = message_new(
        &(struct event_text){.channel = "", .text = text, .name = event},
        retry_ms);
    return m ? m : refuse_for_memory(refusal);
}

struct message *update_body_message(const char *bytes, size_t len, int retry_ms,
                                    struct update_refusal *refusal)
{
    struct slice body = {bytes, len};
    struct json_count count;
    struct message *m;
    json_t *root;

    if (len >= sizeof BOM - 1 && memcmp(bytes, BOM, sizeof BOM - 1) == 0)
        body = (struct slice){bytes + sizeof BOM - 1, len - (sizeof BOM - 1)};
    if (body.len == 0)
        return refuse(refusal, 400,
                      "empty body: expected a JSON object with a string "
                      "\"text\"; is -d missing?");
    count = json_count(body);
    if (count.depth > LIMIT_DEPTH)
        return refuse(refusal, 400, "the depth of the body is more than %d",
                      LIMIT_DEPTH);
    if (count.values > LIMIT_VALUES)
        return refuse(refusal, 413, "the body has more than %d JSON values",
                      LIMIT_VALUES);
    root = parse(body, refusal);
    m = root ? make_message(root, retry_ms, refusal) : NULL;
    json_decref(root);
    if (count.depth > LIMIT_SHALLOW)
        stack_shrink();
    return m;
}
