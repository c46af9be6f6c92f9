#include "broker.h"

#include "../signals.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int free_port(void)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bind(fd, (struct sockaddr *)&address, size);
    getsockname(fd, (struct sockaddr *)&address, &size);
    close(fd);
    return ntohs(address.sin_port);
}

static void become_broker(const struct broker *b, pid_t parent)
{
    char command[1024];
    snprintf(command, sizeof(command),
             "exec redis-server --port %d --bind 127.0.0.1 --dir %s --save '' "
             "--logfile %s/log %s",
             b->port, b->tree.root, b->tree.root, b->arguments);
    default_signals();
    unsetenv("LD_PRELOAD"); /* the faults are for the server */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127);
    execl("/bin/sh", "sh", "-c", command, NULL);
    _exit(127);
}

/* NULL if it does not answer. */
static redisContext *call(const struct broker *b)
{
    const struct timeval patience = {.tv_sec = HARNESS_PATIENCE};
    redisContext *c = redisConnectWithTimeout("127.0.0.1", b->port, patience);
    if (c != NULL && c->err == 0 && redisSetTimeout(c, patience) == REDIS_OK)
        return c;
    if (c != NULL)
        redisFree(c);
    return NULL;
}

/* Whether it answers, and has read its files. */
static bool is_up(const struct broker *b)
{
    redisContext *c = call(b);
    redisReply *reply = c != NULL ? redisCommand(c, "PING") : NULL;
    bool up = reply != NULL && strncmp(reply->str, "LOADING", 7) != 0;
    if (reply != NULL)
        freeReplyObject(reply);
    if (c != NULL)
        redisFree(c);
    return up;
}

void broker_restart(struct broker *b)
{
    pid_t parent = getpid();
    b->pid = fork();
    if (b->pid == 0)
        become_broker(b, parent);
    for (double start = seconds_now(); !is_up(b);) {
        if (waitpid(b->pid, NULL, WNOHANG) != 0)
            fail("redis-server has ended; see %s/log", b->tree.root);
        wait_a_moment(start, "redis-server");
    }
}

struct broker broker_start(const char *arguments, const char *options)
{
    struct broker b = {.tree = tree_make(), .port = free_port()};
    snprintf(b.arguments, sizeof(b.arguments), "%s", arguments);
    snprintf(b.options, sizeof(b.options),
             "--quiet --redis redis://127.0.0.1:%d %s", b.port, options);
    broker_restart(&b);
    return b;
}

void broker_kill(struct broker *b)
{
    kill(b->pid, SIGKILL);
    waitpid(b->pid, NULL, 0);
}

void broker_stop(struct broker *b)
{
    broker_kill(b);
    tree_remove(&b->tree);
}

/* Frees the reply. */
static const char *text_of(redisContext *c, redisReply *reply)
{
    static char text[4096];
    if (reply == NULL || reply->type == REDIS_REPLY_ERROR)
        fail("redis-server: %s", reply != NULL ? reply->str : c->errstr);
    if (reply->type == REDIS_REPLY_INTEGER)
        snprintf(text, sizeof(text), "%lld", reply->integer);
    else
        snprintf(text, sizeof(text), "%s",
                 reply->str != NULL ? reply->str : "");
    freeReplyObject(reply);
    redisFree(c);
    return text;
}

static redisContext *call_or_fail(const struct broker *b)
{
    redisContext *c = call(b);
    if (c == NULL)
        fail("redis-server does not answer");
    if (b->is_locked)
        freeReplyObject(redisCommand(
            c, "AUTH %s", b->password != NULL ? b->password : "secret"));
    return c;
}

const char *broker_say(const struct broker *b, const char *format, ...)
{
    char words[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof(words), format, arguments);
    va_end(arguments);
    redisContext *c = call_or_fail(b);
    return text_of(c, redisCommand(c, words));
}

const char *broker_add(const struct broker *b, const char *id, const char *name,
                       const char *value)
{
    redisContext *c = call_or_fail(b);
    return text_of(c, redisCommand(c, "XADD crier %s %s %s", id, name, value));
}
