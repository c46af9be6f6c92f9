/* What the tests of channels say most. */
#ifndef CRIER_TEST_CHANNEL_H
#define CRIER_TEST_CHANNEL_H

#include "harness.h"

/* The longest name, and what is said of one that is none. */
#define SIXTY_FOUR                                                             \
    "0123456789012345678901234567890123456789012345678901234567890_~-"
#define NO_NAME                                                                \
    "{\"error\":\"the name of a channel is 1 to 64 letters, digits, '.', '_'," \
    " '~' or '-'\"}"

struct id {
    char text[64];
};

/* GET; a query may follow the name. */
struct client *hear(const struct server *server, const char *name,
                    const char *fields);
struct client *hear_after(const struct server *server, const char *name,
                          struct id id);

/* POST; free the body. */
struct reply tell(const struct server *server, const char *name,
                  const char *fields, const void *body, size_t size);

/* The same of a text that is accepted; its id. */
struct id say(const struct server *server, const char *name, const char *text);

/* The next event must be this message, or a gap with these ids, the second one
 * as JSON. */
void expect_text(struct client *client, const char *text, struct id id);
void expect_gap(struct client *client, struct id after, const char *oldest);

#endif
