/*
 * update_body: the body of POST /update, a JSON object, becomes a message.
 */
#ifndef CRIER_UPDATE_BODY_H
#define CRIER_UPDATE_BODY_H

#include "store/message.h"

enum { UPDATE_BODY_ERROR_SIZE = 512 };

/*
 * Makes a message of a JSON object with a non-empty string `text`, and perhaps
 * a string `event`, its name; other members and a byte order mark are ignored.
 * The name `message`, "" or null is none; `gap` is refused. retry_ms becomes
 * its `retry:` line.
 *
 * Returns a message with one reference, which the caller owns. Otherwise
 * returns NULL, and `error` says in UTF-8 what is wrong, where, and perhaps
 * what to do; it is the empty string if memory ran out.
 */
struct message *update_body_message(const char *body, size_t len, int retry_ms,
                                    char error[UPDATE_BODY_ERROR_SIZE]);

#endif
