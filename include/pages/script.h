/*
 * script: the text of a scripted stream, a file *.sse, cut into steps.
 *
 * The text is a valid text/event-stream (WHATWG HTML, 9.2). Its lines are sent
 * as they stand; a comment that begins with a colon, one space and one of these
 * words is a command, and is not sent:
 *
 *     : wait 300ms       send nothing for so long
 *     : jitter 50ms      each later wait takes up to 50 ms more, at random
 *     : stall 5s         a wait that nothing shortens; without a time, an hour
 *     : split            the next event goes byte by byte
 *     : drop             close the connection in the middle of the stream
 *     : reset            the same with a reset (RST)
 *     : status 503 TEXT  instead of a stream, an answer with this status
 *     : loop             begin again
 *
 * A time is a decimal number and ms, s or m.
 *
 * Pure: no I/O, no memory of its own. Slices point into the text.
 */
#ifndef CRIER_SCRIPT_H
#define CRIER_SCRIPT_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum script_kind {
    SCRIPT_SEND, /* lines of one event, or a part of them */
    SCRIPT_WAIT,
    SCRIPT_STALL,
    SCRIPT_DROP,
    SCRIPT_RESET,
    SCRIPT_STATUS,
    SCRIPT_LOOP,
    SCRIPT_END,
    SCRIPT_MISTAKE,

    /* Inside script.c: these only change what follows, and are no steps. */
    SCRIPT_JITTER,
    SCRIPT_SPLIT,
};

struct script_step {
    enum script_kind kind;
    size_t line; /* where it begins, from 1 on */

    struct slice bytes; /* SEND: the lines; STATUS: the text behind it */
    bool whole;         /* SEND: they end with the event's empty line */
    bool silent;        /* SEND: nothing but comments */
    bool split;         /* SEND: byte by byte */
    bool open;          /* LOOP, END: in the middle of an event */
    int64_t ms;         /* WAIT, STALL */
    int status;         /* STATUS: 204, or from 400 to 599 */
    const char *reason; /* MISTAKE: one line of English, a constant */
};

/* A place in a script. A copy of it is a place of its own. */
struct script {
    struct slice text;
    size_t at, line;
    bool open;         /* in the middle of an event, */
    bool fields;       /* which has more than comments */
    bool split;        /* the next event goes byte by byte */
    int64_t jitter_ms; /* as of this place */
};

/* Goes to the beginning; a byte order mark is skipped. */
void script_begin(struct script *s, struct slice text);

/* The next step. After END or MISTAKE there is none. */
struct script_step script_next(struct script *s);

/* Reads a time of at most LIMIT_PLAY_MS. */
bool script_time(struct slice text, int64_t *ms);

/* Cuts the first line off; it ends with LF, CR LF, CR, or the text. */
struct slice script_line(struct slice *text);

/* If the line is a field of that name, sets its value as a client sees it. */
bool script_field(struct slice line, const char *name, struct slice *value);

#endif
