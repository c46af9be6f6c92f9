/* option_value: see option_value.h. */
#include "option_value.h"

#include "server/forwarded.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool option_valid_origin(struct slice s)
{
    const char *colon = memchr(s.at, ':', s.len);
    size_t scheme = colon ? (size_t)(colon - s.at) : 0;

    if (slice_is(s, "*") || slice_is(s, "null"))
        return true;
    return scheme > 0 && s.len > scheme + 3 && memcmp(colon, "://", 3) == 0 &&
           !memchr(colon + 3, '/', s.len - scheme - 3);
}

bool option_valid_name(struct slice s)
{
    return s.len > 0 && !memchr(s.at, ':', s.len) && !memchr(s.at, '/', s.len);
}

bool option_valid_sync(struct slice s)
{
    return slice_is(s, "always") || slice_is(s, "second") ||
           slice_is(s, "never");
}

static bool set_number(const struct option_spec *spec, const char *text,
                       int *number, const char *source, FILE *err)
{
    char *end;
    long n;

    errno = 0;
    n = strtol(text, &end, 10);
    if (!isdigit((unsigned char)*text) || *end || errno || n < spec->min ||
        n > spec->max) {
        fprintf(err, "crier: %s: '%s' is not a whole number from %d to %d\n",
                source, text, spec->min, spec->max);
        return false;
    }
    *number = (int)n;
    return true;
}

/* The list has room. False if the item is not valid. */
static bool add_item(const struct option_spec *spec, struct slice item,
                     void *member)
{
    struct settings_addresses *addresses = member;
    struct settings_list *list = member;

    if (spec->kind == OPTION_ADDRESSES)
        return forwarded_address(item, &addresses->items[addresses->count++]);
    list->items[list->count++] = item;
    return spec->valid(item);
}

/* Adds the items of a comma-separated list. */
static bool add_items(const struct option_spec *spec, const char *text,
                      void *member, const char *source, FILE *err)
{
    const size_t *count = member; /* each kind of list begins with it */
    struct slice rest = slice_of(text);

    while (rest.at) {
        struct slice item = slice_trim(slice_cut(&rest, ','));

        if (*count == LIMIT_LIST) {
            fprintf(err, "crier: %s: more than %d\n", source, LIMIT_LIST);
            return false;
        }
        if (!add_item(spec, item, member)) {
            fprintf(err, "crier: %s: '%.*s' is not %s\n", source, (int)item.len,
                    item.at, spec->form);
            return false;
        }
    }
    return true;
}

static bool set_switch(const char *text, bool *on, const char *source,
                       FILE *err)
{
    if (!text || strcmp(text, "1") == 0 || strcmp(text, "0") == 0) {
        *on = !text || text[0] == '1';
        return true;
    }
    fprintf(err, "crier: %s: '%s' is neither 1 nor 0\n", source, text);
    return false;
}

bool option_is_list(const struct option_spec *spec)
{
    return spec->kind == OPTION_LIST || spec->kind == OPTION_ADDRESSES;
}

void option_clear(struct settings *s, const struct option_spec *spec)
{
    void *count = (char *)s + spec->offset; /* see add_items */

    *(size_t *)count = 0;
}

bool option_set(struct settings *s, const struct option_spec *spec,
                const char *text, const char *source, FILE *err)
{
    char *member = (char *)s + spec->offset;

    switch (spec->kind) {
    case OPTION_NUMBER:
        return set_number(spec, text, (int *)(void *)member, source, err);
    case OPTION_LIST:
    case OPTION_ADDRESSES:
        return add_items(spec, text, member, source, err);
    case OPTION_SWITCH:
        return set_switch(text, (bool *)member, source, err);
    case OPTION_STRING:
        break;
    }
    if (!*text) {
        fprintf(err, "crier: %s: must not be empty\n", source);
        return false;
    }
    if (spec->valid && !spec->valid(slice_of(text))) {
        fprintf(err, "crier: %s: '%s' is not %s\n", source, text, spec->form);
        return false;
    }
    *(const char **)(void *)member = text;
    return true;
}
