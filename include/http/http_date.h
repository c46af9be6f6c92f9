/*
 * http_date: dates as HTTP writes them (RFC 9110, 5.6.7).
 */
#ifndef CRIER_HTTP_DATE_H
#define CRIER_HTTP_DATE_H

#include "base/slice.h"

#include <stdbool.h>
#include <time.h>

enum { HTTP_DATE_SIZE = 32 };

/* "Sun, 06 Nov 1994 08:49:37 GMT", as a string. */
void http_date_print(time_t t, char out[HTTP_DATE_SIZE]);

/* The date of a second, kept for the answers of the same second. {0} at first.
 */
struct http_date {
    time_t second;
    char text[HTTP_DATE_SIZE];
};

/* Today's date in that form. It holds until the next call. */
const char *http_date_now(struct http_date *d);

/* Reads that form and the two obsolete ones. False if it is none of them, or if
 * there is no such day or time, as on 31 February. A wrong name of the weekday
 * does no harm: the date is clear without it. */
bool http_date_parse(struct slice text, time_t *t);

#endif
