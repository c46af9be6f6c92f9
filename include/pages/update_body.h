/*
 * update_body: the body of POST /update, a JSON object, becomes a message.
 */
#ifndef CRIER_UPDATE_BODY_H
#define CRIER_UPDATE_BODY_H

#include "store/message.h"

/* The answer to a body that is no message. */
struct update_refusal {
    int status;       /* 400, 413, or 503 */
    char reason[512]; /* what is wrong, in UTF-8 */
};

/*
 * Makes a message of a JSON object with a non-empty string `text`, and perhaps
 * a string `event`, its name; other members and a byte order mark are ignored.
 * The name `message`, "" or null is none; `gap` is refused. retry_ms becomes
 * its `retry:` line.
 *
 * Returns a message with one reference, which the caller owns. Otherwise
 * returns NULL and fills in the refusal, whose reason says what is wrong,
 * where, and perhaps what to do. It is 413 if the body has too many values, and
 * 503 if memory ran out.
 *
 * Gives the stack back that a deep body took.
 */
struct message *update_body_message(const char *body, size_t len, int retry_ms,
                                    struct update_refusal *refusal);

#endif
