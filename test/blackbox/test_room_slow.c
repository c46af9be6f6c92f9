/*
 * Room: readers so slow that they hold what they are sent. A server whose
 * address space is limited lives, an innocent subscriber gets everything, and
 * the memory stays within the limits of README.
 *
 * The readers never fail the test by being slow themselves: one that is cut off
 * holds nothing, and that is right, too.
 */
#include "room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

TestSuite(room_slow, .timeout = TEST_SECONDS);

enum { READERS = 64, KIB = 1024, MIB = 1024 * KIB };

/* Of each reader: its thread with its buffers. */
enum { OF_CLIENT = 64 * KIB };

/* Malloc needs room between the messages. */
enum { ROOM = 12 * MIB };

static size_t memory(const struct server *server, const char *name)
{
    char path[64], line[256];
    size_t kib = 0, length = strlen(name);
    snprintf(path, sizeof(path), "/proc/%d/status", server->pid);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        if (strncmp(line, name, length) == 0 && line[length] == ':')
            kib = strtoul(line + length + 1, NULL, 10);
    if (file == NULL || kib == 0)
        fail("no %s in %s", name, path);
    fclose(file);
    return kib * KIB;
}

/* A sanitizer's shadow makes the address space enormous: such a server is
 * neither limited nor measured, but must live and deliver all the same. */
static bool has_shadow(const struct server *server)
{
    return memory(server, "VmSize") > (size_t)MIB * MIB;
}

#define STREAM "GET /subscribe HTTP/1.1\r\n" HOST "Last-Event-ID: 0\r\n\r\n"
#define POLL   "GET /poll?after=0 HTTP/1.1\r\n" HOST "\r\n"
#define LONG   "GET /longpoll?after=0 HTTP/1.1\r\n" HOST "\r\n"

/* It has asked for the whole history, and the server has begun to answer. */
static struct client *come(const struct server *server, const char *request)
{
    struct client *reader = client_connect_small(server);
    double start = seconds_now();
    client_send(reader, request);
    while (!client_has_input(reader))
        wait_a_moment(start, "the beginning of an answer");
    return reader;
}

/* So little that the connection is not given up. */
static void sip(const struct client *reader)
{
    char bytes[4096];
    ssize_t n = recv(reader->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
    (void)n;
}

struct plan {
    const char *options;
    const char *requests[3]; /* of one reader after the other */
    int messages;            /* published after each reader has come */
    size_t text;             /* bytes of a message's text */
    size_t held;      /* the most that the server may hold for all of them */
    size_t of_client; /* and for each */
};

/* Publishes, and the innocent subscriber gets it. */
static void say(const struct server *server, const struct plan *plan,
                struct client *innocent)
{
    static unsigned said;
    char *text = malloc(plan->text + 1), number[16];
    memset(text, 'x', plan->text);
    text[plan->text] = '\0';
    memcpy(text, number,
           (size_t)snprintf(number, sizeof(number), "%u ", said++));
    publish(server, text);
    const char *data = next_message(innocent).data;
    cr_expect(strncmp(data, "{\"text\":\"", 9) == 0 &&
                  strncmp(data + 9, text, plan->text) == 0,
              "not what was published: %.40s", data);
    free(text);
}

/* Each reader finds another history, and holds messages that nobody else
 * does. */
static void crowd(const struct server *server, const struct plan *plan,
                  struct client *innocent)
{
    struct client *readers[READERS];
    for (int i = 0; i < READERS; i++) {
        readers[i] = come(server, plan->requests[i % 3]);
        for (int m = 0; m < plan->messages; m++)
            say(server, plan, innocent);
        for (int r = 0; r <= i; r++)
            sip(readers[r]);
    }
    for (int i = 0; i < READERS; i++)
        client_close(readers[i]);
}

static void check_room(const struct plan *plan)
{
    struct server server = server_start_unprivileged(plan->options);
    bool shadow = has_shadow(&server);
    size_t start = memory(&server, "VmRSS");
    size_t bound =
        start + plan->held + READERS * (OF_CLIENT + plan->of_client) + ROOM;
    /* A thread's stack takes addresses, not memory. */
    if (!shadow)
        server_limit(&server, RLIMIT_AS,
                     memory(&server, "VmSize") + bound + READERS * 300 * KIB);
    struct client *innocent = subscribe(&server, "", "");
    for (int m = 0; m < plan->messages; m++)
        say(&server, plan, innocent);
    crowd(&server, plan, innocent);
    size_t most = memory(&server, "VmHWM");
    cr_expect(shadow || most <= bound, "%zu KiB, not at most %zu KiB",
              most / KIB, bound / KIB);
    client_close(innocent);
    wait_healthz(&server, "clients", 1);
    server_stop(&server);
}

/* A batch of 128 KiB, or the message that exceeds it: 3 of 60,000 bytes.
 * --max-memory is out of the way. */
Test(room_slow, readers_hold_a_batch_each)
{
    check_room(&(struct plan){
        .options = "--public / --quiet --history 16 --max-memory 1000",
        .requests = {STREAM, POLL, LONG},
        .messages = 16,
        .text = 60000,
        .held = 16 * 64 * KIB,
        .of_client = 3 * 60 * KIB,
    });
}

/* A batch is one message of a megabyte here. Who publishes so much may be told
 * 503 while polls hold all of the memory: that is the next test. */
Test(room_slow, readers_hold_max_memory_together)
{
    check_room(&(struct plan){
        .options = "--public / --quiet --history 1 --max-memory 8 "
                   "--max-body 1100000",
        .requests = {STREAM, STREAM, STREAM},
        .messages = 1,
        .text = 1000000,
        .held = 1 * MIB + 8 * MIB,
    });
}

/* Sends all of a body but its end. */
static struct client *send_most(const struct server *server)
{
    enum { BODY = 1000000 };
    static char body[BODY];
    struct client *sender = client_connect(server);
    memset(body, ' ', BODY);
    client_sendf(sender,
                 "POST /update HTTP/1.1\r\n" HOST "Content-Length: %d\r\n\r\n",
                 BODY + 1);
    client_send_bytes(sender, body, BODY);
    return sender;
}

Test(room_slow, small_messages_get_through_when_max_memory_is_used_up)
{
    struct server server =
        server_start("--quiet --history 2 --max-memory 4 --max-body 1100000");
    struct client *readers[READERS], *innocent;
    struct plan plan = {.text = 1000000};
    innocent = subscribe(&server, "", "");
    say(&server, &plan, innocent);
    for (int i = 0; i < READERS; i++)
        readers[i] = i % 2 == 0 ? come(&server, POLL) : send_most(&server);
    plan.text = 1000;
    for (int i = 0; i < 10; i++)
        say(&server, &plan, innocent);
    for (int i = 0; i < READERS; i++)
        client_close(readers[i]);
    client_close(innocent);
    wait_healthz(&server, "clients", 1);
    server_stop(&server);
}
