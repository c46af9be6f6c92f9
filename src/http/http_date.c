/* http_date: see http_date.h. The program stays in the "C" locale, so names of
 * days and months are English. */
#include "http/http_date.h"

#include <stdio.h>
#include <string.h>

#define IMF_FIXDATE "%a, %d %b %Y %H:%M:%S GMT"

enum { LAST_YEAR = 9999 - 1900 }; /* as in tm_year: it has four digits */

void http_date_print(time_t t, char out[HTTP_DATE_SIZE])
{
    struct tm utc;

    /* A date that has no such form is none to compare with: the oldest. */
    if (!gmtime_r(&t, &utc) || utc.tm_year > LAST_YEAR ||
        !strftime(out, HTTP_DATE_SIZE, IMF_FIXDATE, &utc))
        snprintf(out, HTTP_DATE_SIZE, "Thu, 01 Jan 1970 00:00:00 GMT");
}

const char *http_date_now(struct http_date *d)
{
    const time_t now = time(NULL);

    if (now != d->second) {
        d->second = now;
        http_date_print(now, d->text);
    }
    return d->text;
}

/* strptime takes the 31st of any month, and a second 60 or 61 at any time; a
 * leap second is the last one of a day. */
static bool exists(const struct tm *utc)
{
    struct tm day = {.tm_year = utc->tm_year,
                     .tm_mon = utc->tm_mon,
                     .tm_mday = utc->tm_mday};
    const bool leap =
        utc->tm_hour == 23 && utc->tm_min == 59 && utc->tm_sec == 60;

    timegm(&day);
    return day.tm_mday == utc->tm_mday && (utc->tm_sec < 60 || leap);
}

bool http_date_parse(struct slice text, time_t *t)
{
    static const char *const forms[] = {
        IMF_FIXDATE, "%A, %d-%b-%y %H:%M:%S GMT", /* RFC 850 */
        "%a %b %e %H:%M:%S %Y",                   /* asctime */
    };
    char copy[64];

    if (text.len == 0 || text.len >= sizeof copy)
        return false;
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct tm utc = {0};
        const char *end = strptime(copy, forms[i], &utc);

        if (end && !*end) {
            time_t parsed;

            if (!exists(&utc))
                return false;
            parsed = timegm(&utc);
            /* A leap second at the very end is in the next year. */
            if (utc.tm_year > LAST_YEAR)
                return false;
            *t = parsed;
            return true;
        }
    }
    return false;
}
