/*
 * What the unit tests share. Tables of data do the talking: to add a case, add
 * a line.
 *
 * Nothing waits by sleeping for a while and hoping: tests wait for a state, by
 * deadlines of PATIENCE_MS, which are far beyond what a sanitizer's build on a
 * busy machine needs, so that they are never a verdict.
 */
#ifndef CRIER_TEST_UNIT_H
#define CRIER_TEST_UNIT_H

#include "base/slice.h"
#include "http/request.h"
#include "pages/update_body.h"
#include "store/event_id.h"
#include "store/message.h"

#include <criterion/criterion.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { PATIENCE_MS = 100000, TEST_SECONDS = 900 /* for a whole test */ };

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A string literal, which may contain NULs, and its length. */
#define BYTES(literal) literal, sizeof(literal) - 1

/* The two arguments that "%.*s" takes. */
#define SHOW(slice) (int)(slice).len, (slice).at

/* A deadline on the monotonic clock. */
int64_t in_ms(int64_t ms);

/* Lets some time pass, in the body of a loop that waits for a state; aborts
 * the test after PATIENCE_MS since `start`. */
void wait_a_moment(int64_t start, const char *awaited);

/* True if this thread of ours sleeps in the kernel. */
bool is_asleep(pid_t thread);

/* A copy on the heap that ends with the last byte, so that AddressSanitizer
 * sees whoever reads on. The caller frees it. */
char *copy_exactly(const char *bytes, size_t len);

void expect_slice(struct slice got, const char *wanted, const char *what);

/* update_body_message with retry_ms 10000, of an exact copy of the body. The
 * error is the refusal's reason; empty if there is none. */
enum { ERROR_SIZE = sizeof(struct update_refusal) };
struct message *parse_message(const char *body, size_t len, char *error);

/* A message with the text `number`, the same for a channel with a name, and the
 * number of such a message; -1 if it is none. */
struct message *make_message(int number);
struct message *make_raw_message(const char *channel, int number);
int message_number(const struct message *m);

/* Both ends of a connected pair of sockets. */
struct sockets {
    int ours, peers;
};
struct sockets open_sockets(void);

/* As the server does, when all bytes come at once. */
int parse_at_once(const char *bytes, size_t len, struct request *r);

/* A request's head, and what the server shall make of it. */
struct head {
    const char *rule; /* with its RFC section */
    int status;
    const char *bytes;
    size_t len;
};

/*
 * Parses each head: whole; followed by other bytes, which must change nothing;
 * and every beginning of it. Where the whole is good, a beginning must ask for
 * more; where it is bad, a beginning may be refused, but with the same status.
 */
void check_heads(const struct head *heads, size_t count);

/* Parses a head that must be good, and that outlives r. */
void parse_good_head(const char *head, struct request *r);

#endif
