/*
 * Room: no acknowledged message is lost, whatever fails.
 */
#include "room.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(room_lost, .timeout = TEST_SECONDS);

#define PUBLISHERS 4
#define MESSAGES   150
#define TEXT_SIZE  160

static struct publisher {
    const struct server *server;
    int number;
    bool accepted[MESSAGES]; /* a reply with 200 came */
} publishers[PUBLISHERS];

/* A text of every length, so that every buffer grows under some fault. */
static void make_text(char text[TEXT_SIZE], int publisher, int message)
{
    int length = snprintf(text, TEXT_SIZE, "%d/%d/", publisher, message);
    memset(text + length, 'x', (size_t)(message % 100));
    text[length + message % 100] = '\0';
}

/* Only a 200 acknowledges; whatever else comes, or nothing, does not. */
static void *publish_all(void *argument)
{
    struct publisher *p = argument;
    for (int i = 0; i < MESSAGES; i++) {
        char text[TEXT_SIZE], request[1024];
        make_text(text, p->number, i);
        snprintf(request, sizeof(request),
                 "POST /update HTTP/1.1\r\n" CLOSE
                 "Content-Length: %zu\r\n\r\n{\"text\":\"%s\"}",
                 strlen(text) + 11, text);
        char *answer = exchange_all(p->server, request);
        p->accepted[i] = strncmp(answer, "HTTP/1.1 200", 12) == 0;
        free(answer);
    }
    return NULL;
}

/* Reads until the text "end" comes, and returns as an EventSource does. */
struct reader {
    const struct server *server;
    int seen[PUBLISHERS][MESSAGES];
    int connections;
    char last[64]; /* id of the last event, */
    double when;   /* and when it came, or the first attempt began */
    bool ended;
};

static void note(struct reader *r, const struct event *event)
{
    int publisher, message;
    char text[TEXT_SIZE], expected[TEXT_SIZE + 32];
    snprintf(r->last, sizeof(r->last), "%s", event->id);
    r->when = seconds_now();
    r->ended = strncmp(event->data, "{\"text\":\"end\"", 13) == 0;
    if (r->ended)
        return;
    if (sscanf(event->data, "{\"text\":\"%d/%d/", &publisher, &message) != 2 ||
        publisher < 0 || publisher >= PUBLISHERS || message < 0 ||
        message >= MESSAGES)
        fail("not ours: '%s'", event->raw);
    make_text(text, publisher, message);
    int length = snprintf(expected, sizeof(expected),
                          "{\"text\":\"%s\",\"timestamp\":", text);
    if (strncmp(event->data, expected, (size_t)length) != 0)
        fail("'%s' became '%s'", text, event->data);
    r->seen[publisher][message]++;
}

static void read_stream(struct reader *r, struct client *client)
{
    struct event event;
    while (!r->ended && next_event(client, &event)) {
        if (event.name != NULL)
            fail("a gap, with all of the history left: '%s'", event.raw);
        if (event.id != NULL)
            note(r, &event);
    }
}

static void *read_stubbornly(void *argument)
{
    struct reader *r = argument;
    r->when = seconds_now();
    for (; !r->ended; wait_a_moment(r->when, "a message")) {
        struct client *client = client_connect(r->server);
        client_sendf(
            client,
            "GET /subscribe?lastEventId=0 HTTP/1.0\r\n" HOST "%s%s%s\r\n",
            *r->last ? "Last-Event-ID: " : "", r->last, *r->last ? "\r\n" : "");
        size_t head = client_find(client, "\r\n\r\n");
        char *copy = NULL;
        if (head > 0) {
            client_take(client, &copy, head);
            read_stream(r, client);
        }
        free(copy);
        client_close(client);
        r->connections++;
    }
    return NULL;
}

static void press(unsigned long n)
{
    fail_every(FAULT_MALLOC, n, 0);
    fail_every(FAULT_PTHREAD_CREATE, n + 6, 0);
    fail_every(FAULT_SENDMSG, n + 10, ECONNRESET);
    fail_every(FAULT_RECV, n + 24, 0);
    fail_every(FAULT_EPOLL_CTL, 3, 0);
}

static void release(void)
{
    for (int f = 0; f < FAULT_COUNT; f++)
        rule((enum fault)f)->every = 0;
}

static void check_none_lost(unsigned long n)
{
    enum { READERS = 3 };
    static struct reader readers[READERS];
    pthread_t writing[PUBLISHERS], reading[READERS];
    struct server server = start_with_board("--history 100000 --heartbeat 1");
    double start = seconds_now();
    memset(readers, 0, sizeof(readers));
    press(n);
    for (int i = 0; i < READERS; i++) {
        readers[i].server = &server;
        pthread_create(&reading[i], NULL, read_stubbornly, &readers[i]);
    }
    for (int i = 0; i < PUBLISHERS; i++) {
        publishers[i] = (struct publisher){.server = &server, .number = i};
        pthread_create(&writing[i], NULL, publish_all, &publishers[i]);
    }
    for (int i = 0; i < PUBLISHERS; i++)
        pthread_join(writing[i], NULL);
    release();
    check_errors(&server, 0, 20, start);
    publish(&server, "end");
    int accepted = 0;
    for (int i = 0; i < READERS; i++) {
        pthread_join(reading[i], NULL);
        for (int p = 0; p < PUBLISHERS; p++)
            for (int m = 0; m < MESSAGES; m++) {
                int seen = readers[i].seen[p][m];
                cr_expect(seen == 1 ||
                              (seen == 0 && !publishers[p].accepted[m]),
                          "message %d/%d came %d times", p, m, seen);
                accepted += publishers[p].accepted[m];
            }
    }
    cr_log_info("every %luth malloc: %d of %d accepted, %d connections", n,
                accepted / READERS, PUBLISHERS * MESSAGES,
                readers[0].connections);
    check_normal(&server);
    server_stop(&server);
}

Test(room_lost, no_acknowledged_message_is_lost)
{
    static const unsigned long n[] = {17, 29, 50, 211};
    for (size_t i = 0; i < COUNT(n); i++)
        check_none_lost(n[i]);
}
