/*
 * condition: an input is field lines (each ended by LF), as a request for a
 * file has them. Method, Size and Modified among them say what else there is.
 */
#include "http/preconditions.h"

#include "fuzz.h"
#include "http/grammar.h"
#include "http/http_date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ETAG "\"2ef-0-a\""

/* The lines that request_more would take, as it would. */
static void read_fields(struct slice input, struct request *r)
{
    while (input.at && r->field_count < LIMIT_FIELDS) {
        struct slice line = slice_cut(&input, '\n');
        struct slice value = line, name = slice_cut(&value, ':');
        bool valid = value.at != NULL;

        for (size_t i = 0; valid && i < value.len; i++)
            valid = grammar_is_value(value.at[i]);
        if (valid)
            r->fields[r->field_count++] =
                (struct field){name, slice_trim(value)};
    }
}

/* The field as a string, which the caller frees; NULL if there is none. */
static char *field_string(const struct request *r, const char *name)
{
    struct slice value = request_field(r, name);

    return value.at ? strndup(value.at, value.len) : NULL;
}

/* The values of all fields of that name as one list (RFC 9110, 5.3), which the
 * caller frees; NULL if there is none. */
static char *field_list(const struct request *r, const char *name)
{
    size_t len;
    char *list = NULL;
    FILE *f = NULL;

    for (size_t i = 0; i < r->field_count; i++) {
        struct slice value = r->fields[i].value;

        if (!slice_is_nocase(r->fields[i].name, name))
            continue;
        if (f)
            fputs(", ", f);
        else
            f = open_memstream(&list, &len);
        fprintf(f, "%.*s", (int)value.len, value.at);
    }
    if (f)
        fclose(f);
    return list;
}

/* The same; NULL also if there are several, which are not one. */
static char *only_string(const struct request *r, const char *name)
{
    int count = 0;

    for (size_t i = 0; i < r->field_count; i++)
        count += slice_is_nocase(r->fields[i].name, name);
    return count == 1 ? field_string(r, name) : NULL;
}

static int64_t field_number(const struct request *r, const char *name)
{
    char *text = field_string(r, name);
    int64_t n = text ? strtoll(text, NULL, 10) : 0;

    free(text);
    return n < 0 ? 0 : n;
}

/* A position; too large a one is the largest. */
static bool read_position(char **at, int64_t *n)
{
    if (!strchr("0123456789", **at) || !**at)
        return false;
    *n = strtoll(*at, at, 10);
    return true;
}

/* What a Range asks for, by the letter of RFC 9110, 14.1.2. */
static int reference_range(const char *text, int64_t size, struct range *range)
{
    int64_t first = 0, last = INT64_MAX;
    char *at = (char *)(uintptr_t)text + strlen("bytes=");
    bool has_first, has_last;

    if (strncasecmp(text, "bytes=", strlen("bytes=")) != 0)
        return 200;
    at += strspn(at, " \t");
    has_first = read_position(&at, &first);
    if (*at++ != '-')
        return 200;
    has_last = read_position(&at, &last);
    if (*at || (!has_first && !has_last) || last < first)
        return 200;
    if (!has_first && size == 0 && last > 0)
        return 200;
    if (!has_first) {
        first = last < size ? size - last : 0;
        last = INT64_MAX;
    }
    if (first >= size)
        return 416;
    range->first = first;
    range->length = (last < size ? last + 1 : size) - first;
    return 206;
}

static void check_range(const struct request *r, const struct validators *v,
                        int64_t size)
{
    struct range range = {-1, -1}, wanted = {0, size};
    char *text = only_string(r, "Range");
    char *if_range = only_string(r, "If-Range");
    int expected = 200, status = preconditions_range(r, v, size, &range);

    if (text && r->method == METHOD_GET &&
        (!request_field(r, "If-Range").at ||
         (if_range && strcmp(if_range, v->etag) == 0)))
        expected = reference_range(text, size, &wanted);
    assert(status == expected);
    if (status != 416) {
        assert(range.first >= 0 && range.length >= 0);
        assert(range.first <= size && range.length <= size - range.first);
        assert(status == 200 || range.length > 0);
        assert(range.first == wanted.first && range.length == wanted.length);
    }
    free(text);
    free(if_range);
}

/* 1 if this list of entity tags has ours, 0 if not, -1 if it is no such list
 * (RFC 9110, 8.8.3 and 13.1.1). */
static int reference_names(const char *list, bool weak)
{
    int found = 0;

    if (strcmp(list, "*") == 0)
        return 1;
    for (;;) {
        bool is_weak;
        const char *end;

        list += strspn(list, " \t,");
        if (!*list)
            return found;
        is_weak = strncmp(list, "W/", 2) == 0;
        list += is_weak ? 2 : 0;
        end = *list == '"' ? strchr(list + 1, '"') : NULL;
        /* A tag has no blank: this one began in another field (8.8.3). */
        if (!end || strcspn(list, " \t") < (size_t)(end - list))
            return -1;
        if ((weak || !is_weak) &&
            fuzz_same((struct slice){list, (size_t)(end + 1 - list)},
                      slice_of(ETAG)))
            found = 1;
        list = end + 1 + strspn(end + 1, " \t");
        if (*list && *list != ',')
            return -1;
    }
}

/* Negative, 0 or positive as the file is older than, of, or newer than this
 * date; `otherwise` where that is none. */
static int compare_date(const struct request *r, const char *name,
                        time_t modified, int otherwise)
{
    char *text = only_string(r, name);
    time_t date;
    bool valid = http_date_parse(slice_of(text), &date);

    free(text);
    if (!valid)
        return otherwise;
    return modified < date ? -1 : modified > date;
}

/* Step by step as in RFC 9110, 13.2.2; 0 where a list cannot be read. */
static int reference_judge(const struct request *r, time_t modified)
{
    char *match = field_list(r, "If-Match");
    char *none_match = field_list(r, "If-None-Match");
    int matched = match ? reference_names(match, false) : 1;
    int known = none_match ? reference_names(none_match, true) : 0;

    if (!match && request_field(r, "If-Unmodified-Since").at)
        matched = compare_date(r, "If-Unmodified-Since", modified, 0) <= 0;
    if (!none_match && request_field(r, "If-Modified-Since").at)
        known = compare_date(r, "If-Modified-Since", modified, 1) <= 0;
    free(match);
    free(none_match);
    if (matched < 0 || (matched && known < 0))
        return 0;
    if (!matched)
        return 412;
    return known ? 304 : 200;
}

/* A date that was understood is the same when it is printed. */
static void check_date(struct slice text)
{
    char printed[HTTP_DATE_SIZE];
    time_t date, again;

    if (!text.at || !http_date_parse(text, &date))
        return;
    http_date_print(date, printed);
    assert(http_date_parse(slice_of(printed), &again));
    assert(again == date);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct request r = {.method = METHOD_GET};
    struct validators v = {ETAG, 0};
    int status, wanted;

    if (memchr(bytes, '\0', len))
        return -1; /* no request has it, and the reference stops there */
    read_fields((struct slice){(const char *)bytes, len}, &r);
    if (slice_is(request_field(&r, "Method"), "HEAD"))
        r.method = METHOD_HEAD;
    v.modified = field_number(&r, "Modified");
    check_range(&r, &v, field_number(&r, "Size"));
    check_date(request_field(&r, "If-Modified-Since"));
    status = preconditions_judge(&r, &v);
    wanted = reference_judge(&r, v.modified);
    assert(status == wanted ||
           (wanted == 0 && (status == 200 || status == 304 || status == 412)));
    return 0;
}
