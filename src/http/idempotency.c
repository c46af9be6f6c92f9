/* idempotency: see idempotency.h. */
#include "http/idempotency.h"

#include "http/grammar.h"

#include <string.h>

/* Copies what is between quotes, without its escapes. False if that is no
 * string. */
static bool copy_string(struct slice value, char key[LIMIT_KEY + 1])
{
    size_t len = 0, i = 1;

    while (i + 1 < value.len && value.at[i] != '"') {
        char c = value.at[i++];

        if (c == '\\') {
            c = value.at[i++];
            if (c != '"' && c != '\\')
                return false;
        }
        if (len == LIMIT_KEY || (c != ' ' && !grammar_is_visible(c)))
            return false;
        key[len++] = c;
    }
    key[len] = '\0';
    return len > 0 && i == value.len - 1 && value.at[i] == '"';
}

/* The same without quotes. A comma or a semicolon would separate it from
 * something else. */
static bool copy_word(struct slice value, char key[LIMIT_KEY + 1])
{
    if (value.len == 0 || value.len > LIMIT_KEY)
        return false;
    for (size_t i = 0; i < value.len; i++)
        if (!grammar_is_visible(value.at[i]) || strchr("\",;", value.at[i]))
            return false;
    memcpy(key, value.at, value.len);
    key[value.len] = '\0';
    return true;
}

const char *idempotency_key(const struct request *r, char key[LIMIT_KEY + 1])
{
    const struct slice *value = NULL;

    key[0] = '\0';
    for (size_t i = 0; i < r->field_count; i++) {
        if (!slice_is_nocase(r->fields[i].name, "Idempotency-Key"))
            continue;
        if (value)
            return "more than one Idempotency-Key";
        value = &r->fields[i].value;
    }
    if (!value)
        return NULL;
    if (value->len > 0 && value->at[0] == '"' ? copy_string(*value, key)
                                              : copy_word(*value, key))
        return NULL;
    return "Idempotency-Key must be 1 to 255 printable ASCII characters, in "
           "quotes or without";
}
