/* unit: see unit.h. */
#include "unit.h"

#include "base/clock.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What a launcher has left ignored or blocked (as `nohup` does) would change
 * what the tests see of signals. */
__attribute__((constructor)) static void default_signals(void)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGUSR1, SIG_DFL);
}

int64_t in_ms(int64_t ms)
{
    return clock_monotonic_ms() + ms;
}

void wait_a_moment(int64_t start, const char *awaited)
{
    if (clock_monotonic_ms() > start + PATIENCE_MS)
        cr_assert_fail("waited in vain: %s", awaited);
    usleep(200);
}

bool is_asleep(pid_t thread)
{
    char path[64], state = '?';
    FILE *f;

    snprintf(path, sizeof path, "/proc/self/task/%d/stat", (int)thread);
    f = fopen(path, "re");
    if (!f)
        return false;
    if (fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
        state = '?';
    fclose(f);
    return state == 'S';
}

char *copy_exactly(const char *bytes, size_t len)
{
    char *copy = malloc(len);

    cr_assert(copy != NULL);
    if (len > 0)
        memcpy(copy, bytes, len);
    return copy;
}

void expect_slice(struct slice got, const char *wanted, const char *what)
{
    cr_expect(slice_is(got, wanted), "%s: '%.*s', not '%s'", what, SHOW(got),
              wanted);
}

struct message *parse_message(const char *body, size_t len, char *error)
{
    char *copy = copy_exactly(body, len);
    struct update_refusal refusal = {.reason = ""};
    struct message *m = update_body_message(copy, len, 10000, &refusal);

    strcpy(error, refusal.reason);
    free(copy);
    return m;
}

struct message *make_message(int number)
{
    char body[64], error[ERROR_SIZE];
    int len = snprintf(body, sizeof body, "{\"text\":\"%d\"}", number);

    return parse_message(body, (size_t)len, error);
}

struct message *make_raw_message(const char *channel, int number)
{
    char text[16];
    struct message *m;

    snprintf(text, sizeof text, "%d", number);
    m = message_new(
        &(struct event_text){.channel = channel, .raw = slice_of(text)}, 10000);
    cr_assert(m != NULL);
    return m;
}

int message_number(const struct message *m)
{
    struct slice json = message_json(m);
    const char *form = message_channel(m)[0] ? "data: %d" : "{\"text\":\"%d\",";
    char copy[128];
    int number;

    snprintf(copy, sizeof copy, "%.*s", SHOW(json));
    return sscanf(copy, form, &number) == 1 ? number : -1;
}

struct sockets open_sockets(void)
{
    int fds[2];

    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
    return (struct sockets){fds[0], fds[1]};
}

int parse_at_once(const char *bytes, size_t len, struct request *r)
{
    head_begin(r);
    return request_more(bytes, len, r);
}

/* Parses the first len bytes of a head, which may be followed by others. */
static int parse(const char *bytes, size_t len, const char *more,
                 struct request *r)
{
    size_t size = len + strlen(more);
    char *copy = malloc(size);
    int status;

    memcpy(copy, bytes, len);
    memcpy(copy + len, more, strlen(more));
    status = parse_at_once(copy, size, r);
    free(copy);
    return status;
}

/* As when it comes byte by byte. */
static void check_by_bytes(const struct head *h)
{
    char *copy = copy_exactly(h->bytes, h->len);
    struct request r;
    int status = 0;

    head_begin(&r);
    for (size_t len = 0; len <= h->len && status == 0; len++)
        status = request_more(copy, len, &r);
    cr_expect(status == h->status, "%s: %d byte by byte: %.200s", h->rule,
              status, h->bytes);
    if (status == 200)
        cr_expect_eq(r.head_len, h->len, "%s", h->rule);
    free(copy);
}

static void check_beginnings(const struct head *h)
{
    /* Those of a huge head are all alike. */
    size_t step = h->len < 1000 ? 1 : 61;
    struct request r;

    for (size_t len = 0; len < h->len; len += step) {
        int status = parse(h->bytes, len, "", &r);

        cr_expect(status == 0 || (status == h->status && status != 200),
                  "%s: %d after %zu of %zu bytes: %.200s", h->rule, status, len,
                  h->len, h->bytes);
    }
}

void check_heads(const struct head *heads, size_t count)
{
    for (const struct head *h = heads; h < heads + count; h++) {
        static const char *const more[] = {"", "G", "\r\n", "x: y\r\n\r\n"};
        struct request r;

        for (size_t i = 0; i < COUNT(more); i++) {
            int status = parse(h->bytes, h->len, more[i], &r);

            cr_expect(status == h->status, "%s: %d, not %d: %.200s", h->rule,
                      status, h->status, h->bytes);
            if (status == 200)
                cr_expect(r.head_len == h->len && !r.reason,
                          "%s: %zu of %zu bytes, %s", h->rule, r.head_len,
                          h->len, r.reason);
            else
                cr_expect(r.reason != NULL, "%s: no reason", h->rule);
        }
        check_beginnings(h);
        check_by_bytes(h);
    }
}

void parse_good_head(const char *head, struct request *r)
{
    int status = parse_at_once(head, strlen(head), r);

    cr_assert(status == 200, "%d %s: %s", status, r->reason, head);
}
