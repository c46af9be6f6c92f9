/*
 * What the tests of --redis share: a broker of their own, which is a real
 * redis-server, and what may happen to it.
 *
 * As in the harness, whatever goes wrong ends the test.
 */
#ifndef CRIER_TEST_BROKER_H
#define CRIER_TEST_BROKER_H

#include "../posts.h"
#include "../tree.h"

struct broker {
    struct tree tree; /* what it writes */
    pid_t pid;
    int port;
    bool is_locked;       /* by a password: */
    const char *password; /* NULL: "secret" */
    char arguments[256];  /* for redis-server */
    char options[256];    /* for server_start */
};

/* Starts a broker with these arguments on a free port, and sets the options of
 * a server that uses it. It dies with the test's process. */
struct broker broker_start(const char *arguments, const char *options);

/* Kills it, and removes what it has written. */
void broker_stop(struct broker *b);

/* kill -9, and a start with the same port and files. */
void broker_kill(struct broker *b);
void broker_restart(struct broker *b);

/* Says a command, as printf would, with words that are separated by blanks, and
 * waits for the reply: a string, or a number as one. Fails if it is an error.
 * The text holds until the next call. */
const char *broker_say(const struct broker *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds an entry with these words as fields and values. Returns its id. */
const char *broker_add(const struct broker *b, const char *id, const char *name,
                       const char *value);

#endif
