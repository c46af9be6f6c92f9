/*
 * Room: without memory, and at the start without anything else.
 */
#include "room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(room_memory, .timeout = TEST_SECONDS);

/* Texts of 14, 30 and 62 bytes fill jansson's buffer to the last byte. */
#define POST_TEXT(length, text)                                                \
    "POST /update HTTP/1.1\r\n" CLOSE "Content-Length: " length                \
    "\r\n\r\n{\"text\":\"" text "\"}"

static const char *const posts[] = {
    POST_TEXT("12", "x"),
    POST_TEXT("25", "fourteen bytes"),
    POST_TEXT("41", "thirty bytes: one closing quo."),
    POST_TEXT("73", "sixty-two bytes: the closing quote makes the "
                    "buffer grow again"),
};

/* Whether the answer holds the message that was posted, or a refusal. */
static void check_post(const char *request, const char *answer, bool *accepted)
{
    const char *sent = strstr(request, "\r\n\r\n") + 4;
    const char *body = strstr(answer, "\r\n\r\n");
    *accepted = strncmp(answer, "HTTP/1.1 200", 12) == 0;
    cr_expect(*accepted || strncmp(answer, "HTTP/1.1 503", 12) == 0,
              "'%s' got '%s'", sent, answer);
    if (*accepted)
        cr_expect(strncmp(body + 4, sent, strlen(sent) - 1) == 0,
                  "'%s' became '%s'", sent, body + 4);
    else if (strstr(answer, "Retry-After") == NULL)
        cr_expect(strncmp(body + 4, "{\"error\":\"", 10) == 0, "not JSON: '%s'",
                  answer);
}

Test(room_memory, when_any_one_malloc_of_a_post_fails)
{
    struct server server = start_with_board("");
    long long messages = 0;
    for (size_t i = 0; i < COUNT(posts); i++) {
        unsigned long n = 1;
        do {
            bool accepted;
            fail_at(FAULT_MALLOC, n, 0);
            char *answer = exchange_all(&server, posts[i]);
            check_post(posts[i], answer, &accepted);
            free(answer);
            messages += accepted;
        } while (rule(FAULT_MALLOC)->failed == 1 && n++ < 100);
        rule(FAULT_MALLOC)->at = 0;
        cr_expect(n > 3 && n < 100, "%lu calls of malloc", n);
        /* Nothing waits for memory: the only one is that without a fault. */
        cr_expect_eq(messages, (long long)i + 1);
        cr_expect_eq(healthz(&server, "messages"), messages);
    }
    check_normal(&server);
    server_stop(&server);
}

/* How the whole answer ends; or else it says that memory is short. */
static const struct {
    const char *request, *end;
} gets[] = {
    {"GET / HTTP/1.1\r\n" CLOSE "\r\n", "</html>\n"},
    {"GET /missing HTTP/1.1\r\n" CLOSE "\r\n", "Not Found\n"},
    {"GET /healthz HTTP/1.1\r\n" CLOSE "\r\n", "}"},
    {"GET /threads HTTP/1.1\r\n" CLOSE "\r\n", "]}"},
    {"GET /timeline HTTP/1.1\r\n" CLOSE "\r\n", "]}"},
    {"GET /timeline?format=chrome HTTP/1.1\r\n" CLOSE "\r\n", "]}"},
    {"GET /metrics HTTP/1.1\r\n" CLOSE "\r\n",
     "crier_requests_total{code=\"5xx\"} "},
    {"GET /update HTTP/1.1\r\n" CLOSE "\r\n",
     "{\"error\":\"Method Not Allowed\"}"},
    {"GET /subscribe?lastEventId=0&limit=1 HTTP/1.1\r\n" HOST "\r\n", "\n\n"},
};

static void check_get(size_t i, unsigned long n, const char *answer)
{
    const char *body = strstr(answer, "\r\n\r\n");
    const char *length = strstr(answer, "Content-Length: ");
    cr_assert_not_null(body, "%s: malloc %lu: '%s'", gets[i].request, n,
                       answer);
    if (length != NULL)
        cr_expect_eq(strlen(body + 4), strtoul(length + 16, NULL, 10), "%s",
                     gets[i].request);
    bool refused = strncmp(answer, "HTTP/1.1 503", 12) == 0 ||
                   strstr(body, "out of memory") != NULL;
    cr_expect(refused || strstr(body, gets[i].end) != NULL,
              "%s: malloc %lu: '...%s'", gets[i].request, n, body);
}

Test(room_memory, when_any_one_malloc_of_a_get_fails)
{
    struct server server = start_with_board("");
    int descriptors = count_descriptors(&server);
    publish(&server, "hello");
    for (size_t i = 0; i < COUNT(gets); i++) {
        unsigned long n = 1;
        do {
            fail_at(FAULT_MALLOC, n, 0);
            char *answer = exchange_all(&server, gets[i].request);
            check_get(i, n, answer);
            free(answer);
        } while (rule(FAULT_MALLOC)->failed == 1 && n++ < 1000);
        rule(FAULT_MALLOC)->at = 0;
        cr_expect_lt(n, 1000);
    }
    check_normal(&server);
    wait_descriptors(&server, descriptors);
    server_stop(&server);
}

Test(room_memory, without_memory)
{
    struct server server = start_with_board("");
    struct client *early = subscribe(&server, "", "");
    double start = seconds_now();
    fail_every(FAULT_MALLOC, 1, 0);
    for (int i = 0; i < 100; i++)
        check_turned_away(&server);
    check_a_second_without_spinning(&server);
    check_errors(&server, 1, 1, start);
    fail_every(FAULT_MALLOC, 0, 0);
    publish(&server, "hello");
    next_message(early);
    client_close(early);
    check_normal(&server);
    server_stop(&server);
}

/* ---- the start --------------------------------------------------------- */

/* Ends by itself, for the first accept says that the server was stopped. */
static bool start_fails(const char *fault)
{
    char rules[128];
    snprintf(rules, sizeof(rules), "%s accept4@1=EINVAL", fault);
    setenv("FAULTS", rules, 1);
    struct run run = run_to_end("--port 0");
    bool started = strncmp(run.err, "server is running ::", 20) == 0;
    size_t length = strlen(run.err);
    cr_expect_eq(run.status, started ? 0 : 1, "%s: status %d, '%s'", fault,
                 run.status, run.err);
    if (!started)
        cr_expect(strncmp(run.err, "crier: ", 7) == 0 &&
                      strchr(run.err, '\n') == run.err + length - 1,
                  "%s: not one line: '%s'", fault, run.err);
    free(run.out);
    free(run.err);
    return !started;
}

Test(room_memory, at_the_start_each_malloc_may_fail)
{
    int failed = 0;
    preload();
    for (int n = 1; n <= 60; n++) {
        char fault[32];
        snprintf(fault, sizeof(fault), "malloc@%d", n);
        failed += start_fails(fault);
    }
    cr_expect(failed >= 3 && failed < 50, "%d starts", failed);
}

Test(room_memory, at_the_start_each_other_call_may_fail)
{
    static const char *const faults[] = {
        "pthread_create@1", "pthread_create@2", "epoll_create1@1",
        "epoll_ctl@1",      "eventfd@1",        "socket@1=EMFILE",
        "socket@1=EACCES",  "listen@1",         "open@1=EMFILE",
        "open@1=EACCES",
    };
    preload();
    for (size_t i = 0; i < COUNT(faults); i++)
        cr_expect(start_fails(faults[i]), "%s", faults[i]);
}
