/* --redis: many publishers and subscribers at three servers, which fail. */
#include "broker.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(redis_crowd, .timeout = TEST_SECONDS);

enum { SERVERS = 3, PUBLISHERS = 50, ROAMERS = 20, MESSAGES = 2000 };

#define END "the end"

/* ---- subscribers that change servers ------------------------------------- */

/* One that never stays long. Its last id is all that it takes along. */
struct roamer {
    const struct server *servers;
    unsigned seed;
    char last[64];
    int count, visits;
    bool ended;
    char ids[MESSAGES + 100][32];
    int numbers[MESSAGES + 100]; /* the texts */
    pthread_t thread;
};

/* Takes in one block of a stream: an event, or comments. */
static void take_block(struct roamer *r, const char *block)
{
    const char *id = strstr(block, "id: "),
               *text = strstr(block, "\"text\":\"");
    if (strstr(block, "event: gap") != NULL)
        fail("a gap after %s: %s", r->last, block);
    if (id == NULL || text == NULL)
        return;
    sscanf(id, "id: %31s", r->last);
    text += strlen("\"text\":\"");
    r->ended = strncmp(text, END, strlen(END)) == 0;
    if (r->ended)
        return;
    if (r->count == MESSAGES + 100)
        fail("too many messages");
    snprintf(r->ids[r->count], sizeof(r->ids[0]), "%.31s", r->last);
    r->numbers[r->count++] = atoi(text);
}

/* Reads until so many messages have come, or the stream ends. */
static void read_some(struct roamer *r, int fd, int some)
{
    char bytes[65536];
    size_t size = 0;
    int until = r->count + some;
    while (r->count < until && !r->ended) {
        char *block = bytes, *end;
        ssize_t n = recv(fd, bytes + size, sizeof(bytes) - 1 - size, 0);
        if (n <= 0)
            return;
        size += (size_t)n;
        bytes[size] = '\0';
        while (r->count < until && (end = strstr(block, "\n\n")) != NULL) {
            *end = '\0';
            take_block(r, block);
            block = end + 2;
        }
        size -= (size_t)(block - bytes);
        memmove(bytes, block, size);
    }
}

static void *roam(void *argument)
{
    struct roamer *r = argument;
    char request[256];
    while (!r->ended) {
        int fd = post_connect(&r->servers[rand_r(&r->seed) % SERVERS]);
        if (fd < 0)
            continue;
        r->visits++;
        int size = snprintf(request, sizeof(request),
                            "GET /subscribe HTTP/1.0\r\n" HOST
                            "Last-Event-ID: %s\r\n\r\n",
                            r->last);
        if (send(fd, request, (size_t)size, MSG_NOSIGNAL) == size)
            read_some(r, fd, 1 + rand_r(&r->seed) % 150);
        close(fd);
    }
    return NULL;
}

static void roamers_start(struct roamer *roamers, const struct server *servers,
                          const char *start)
{
    for (int i = 0; i < ROAMERS; i++) {
        roamers[i] = (struct roamer){.servers = servers, .seed = (unsigned)i};
        snprintf(roamers[i].last, sizeof(roamers[i].last), "%s", start);
        if (pthread_create(&roamers[i].thread, NULL, roam, &roamers[i]) != 0)
            fail("no thread");
    }
}

/* All have the same messages in the same order, each once. */
static void roamers_check(struct roamer *roamers)
{
    for (int i = 0; i < ROAMERS; i++)
        pthread_join(roamers[i].thread, NULL);
    for (int i = 1; i < ROAMERS; i++) {
        cr_expect_eq(roamers[i].count, roamers[0].count, "%d of %d",
                     roamers[i].count, roamers[0].count);
        for (int n = 0; n < roamers[0].count; n++)
            if (strcmp(roamers[i].ids[n], roamers[0].ids[n]) != 0 ||
                roamers[i].numbers[n] != roamers[0].numbers[n])
                fail("message %d is %s here and %s there", n, roamers[i].ids[n],
                     roamers[0].ids[n]);
    }
}

/* What the publishers were told is true of what the subscribers have. */
static void compare(struct publishers *p, const struct roamer *r)
{
    int seen[FATES] = {0};
    for (int n = 0; n < r->count; n++)
        if (seen[r->numbers[n]]++ > 0 || p->fates[r->numbers[n]] == REFUSED)
            fail("message %d came %d times", r->numbers[n],
                 seen[r->numbers[n]]);
    for (int i = 0; i < MESSAGES; i++)
        if (p->fates[i] == KEPT && !seen[i])
            fail("message %d was acknowledged, and is lost", i);
}

/* ---- what happens meanwhile ---------------------------------------------- */

struct world {
    struct broker broker;
    struct server servers[SERVERS];
    struct publishers publishers;
    struct roamer roamers[ROAMERS];
};

/* Until so many have been published. */
static void wait_for(struct world *w, int count)
{
    double start = seconds_now();
    while (w->publishers.next < count)
        wait_a_moment(start, "posts");
}

/* Until some server takes it. */
static void publish_end(struct world *w)
{
    double start = seconds_now();
    for (int i = 0; post_once(&w->servers[i % 2], END) != KEPT; i++)
        wait_a_moment(start, "a server that takes the last message");
}

static void run_crowd(unsigned pause_us, void (*meanwhile)(struct world *w))
{
    static struct world w;
    w.broker = broker_start("--appendonly yes --appendfsync always",
                            "--history 3000 --retry 1");
    for (int i = 0; i < SERVERS; i++)
        w.servers[i] = server_start(w.broker.options);
    struct client *client = subscribe(&w.servers[0], "", "");
    roamers_start(w.roamers, w.servers, client->start_id);
    client_close(client);
    w.publishers.servers = SERVERS;
    w.publishers.most = MESSAGES;
    w.publishers.pause_us = pause_us;
    publishers_start(&w.publishers, w.servers, PUBLISHERS);
    if (meanwhile != NULL)
        meanwhile(&w);
    publishers_join(&w.publishers);
    publish_end(&w);
    roamers_check(w.roamers);
    compare(&w.publishers, &w.roamers[0]);
    int kept = publishers_count(&w.publishers, KEPT);
    if (meanwhile == NULL)
        cr_expect_eq(kept, MESSAGES, "%d", kept);
    cr_expect_gt(kept, MESSAGES / 10, "%d", kept);
    int visits = 0;
    for (int i = 0; i < ROAMERS; i++)
        visits += w.roamers[i].visits;
    cr_expect_gt(visits, ROAMERS, "nobody roams");
    for (int i = 0; i < SERVERS; i++)
        if (w.servers[i].pid > 0)
            server_stop(&w.servers[i]);
    broker_stop(&w.broker);
}

Test(redis_crowd, the_same_ids_everywhere)
{
    run_crowd(0, NULL);
}

static void break_all(struct world *w)
{
    wait_for(w, 200);
    broker_kill(&w->broker);
    broker_restart(&w->broker);
    wait_for(w, 600);
    kill(w->broker.pid, SIGSTOP);
    wait_for(w, 1000);
    kill(w->broker.pid, SIGCONT);
    wait_for(w, 1400);
    server_kill(&w->servers[2]);
    w->servers[2].pid = 0;
}

Test(redis_crowd, while_the_broker_and_a_server_fail)
{
    run_crowd(100000, break_all);
}
