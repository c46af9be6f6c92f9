/* preconditions: see preconditions.h. */
#include "http/preconditions.h"

#include "http/http_date.h"

/* Does a list of entity tags name this one? A weak tag is equal only where
 * weak comparison will do (RFC 9110, 8.8.3.2). */
static bool names_etag(struct slice list, const char *etag, bool weak)
{
    if (slice_is(slice_trim(list), "*"))
        return true;
    while (list.at) {
        struct slice one = slice_trim(slice_cut(&list, ','));

        if (weak && one.len > 2 && one.at[0] == 'W' && one.at[1] == '/') {
            one.at += 2;
            one.len -= 2;
        }
        if (slice_is(one, etag))
            return true;
    }
    return false;
}

/* The same for all fields of that name, which are one list (RFC 9110, 5.3). */
static bool fields_name_etag(const struct request *r, const char *name,
                             const char *etag, bool weak)
{
    for (size_t i = 0; i < r->field_count; i++)
        if (slice_is_nocase(r->fields[i].name, name) &&
            names_etag(r->fields[i].value, etag, weak))
            return true;
    return false;
}

/* True if the field is a date, and the file is not newer. */
static bool unchanged_since(struct slice field, time_t modified)
{
    time_t since;

    return http_date_parse(field, &since) && modified <= since;
}

/* A date that cannot be read is no condition at all. */
static bool changed_since(struct slice field, time_t modified)
{
    time_t since;

    return http_date_parse(field, &since) && modified > since;
}

/* The field if it came once: two dates or ranges are not one (RFC 9110, 13.1.3
 * and 13.1.4), and no list either. An empty value is neither. */
static struct slice only_field(const struct request *r, const char *name)
{
    struct slice found = {NULL, 0};

    for (size_t i = 0; i < r->field_count; i++) {
        if (!slice_is_nocase(r->fields[i].name, name))
            continue;
        if (found.at)
            return slice_of("");
        found = r->fields[i].value;
    }
    return found;
}

int preconditions_judge(const struct request *r, const struct validators *v)
{
    struct slice match = request_field(r, "If-Match");
    struct slice unmodified = only_field(r, "If-Unmodified-Since");
    struct slice none_match = request_field(r, "If-None-Match");
    struct slice modified = only_field(r, "If-Modified-Since");

    if (match.at) {
        if (!fields_name_etag(r, "If-Match", v->etag, false))
            return 412;
    } else if (unmodified.at && changed_since(unmodified, v->modified)) {
        return 412;
    }
    if (none_match.at)
        return fields_name_etag(r, "If-None-Match", v->etag, true) ? 304 : 200;
    if (modified.at && unchanged_since(modified, v->modified))
        return 304;
    return 200;
}

/* Digits up to the end of the slice; what overflows is as good as the largest
 * number. -1 if there are none, or something else. */
static int64_t parse_position(struct slice s)
{
    int64_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        int digit = s.at[i] - '0';

        if (digit < 0 || digit > 9)
            return -1;
        n = n > (INT64_MAX - digit) / 10 ? INT64_MAX : n * 10 + digit;
    }
    return s.len > 0 ? n : -1;
}

/* "bytes=first-last", "bytes=first-" or "bytes=-length", into *range; false if
 * it is none of them, or is better ignored. */
static bool parse_range(struct slice field, int64_t size, struct range *range)
{
    struct slice rest = field, unit = slice_cut(&rest, '='), first_text;
    int64_t first, last;

    if (!slice_is_nocase(unit, "bytes") || !rest.at)
        return false;
    rest = slice_trim(rest);
    first_text = slice_cut(&rest, '-');
    if (!rest.at)
        return false;
    first = parse_position(first_text);
    last = parse_position(rest);
    if (first_text.len == 0 && last >= 0) {
        /* All of an empty file: satisfiable, but no Content-Range can say it
         * (RFC 9110, 14.1.2 and 14.4). */
        if (size == 0 && last > 0)
            return false;
        range->length = last < size ? last : size;
        range->first = size - range->length;
        return true;
    }
    if (first < 0 || (rest.len > 0 && last < first))
        return false;
    if (rest.len == 0 || last >= size)
        last = size - 1;
    range->first = first;
    range->length = last - first + 1;
    return true;
}

int preconditions_range(const struct request *r, const struct validators *v,
                        int64_t size, struct range *range)
{
    struct slice field = only_field(r, "Range");
    struct slice if_range = only_field(r, "If-Range");
    struct range asked;

    *range = (struct range){0, size};
    if (r->method != METHOD_GET || !field.at ||
        !parse_range(field, size, &asked))
        return 200;
    /* A date is no strong validator here: two versions may share a second. */
    if (if_range.at && !slice_is(if_range, v->etag))
        return 200;
    if (asked.length <= 0)
        return 416;
    *range = asked;
    return 206;
}
