/* --redis: what a server says that cannot start, and passwords. */
#include "broker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(redis_start, .timeout = TEST_SECONDS);

/* One line, with these words and without the password. */
static void expect_no_start(const char *options, int status, const char *words)
{
    struct run run = run_to_end(options);
    char *newline = strchr(run.err, '\n');
    cr_expect_eq(run.status, status, "%s: %d", options, run.status);
    cr_expect(newline != NULL && newline[1] == '\0', "%s", run.err);
    cr_expect_not_null(strstr(run.err, words), "%s", run.err);
    cr_expect_null(strstr(run.err, "secret"), "%s", run.err);
    free(run.out);
    free(run.err);
}

Test(redis_start, a_url_that_is_none_is_a_wrong_option)
{
    expect_no_start("--redis redis://:secret@", 2, "HOST:PORT");
    expect_no_start("--redis rediss://:secret@host", 2, "redis://");
    expect_no_start("--redis redis://secret@host", 2, "PASSWORD");
    expect_no_start("--redis redis://:secret@host/x", 2, "number");
    expect_no_start("--redis redis://:secret@host?k=v", 2, "key=NAME");
    expect_no_start("--redis redis://host --journal x.db", 2, "one of them");
}

Test(redis_start, a_broker_that_is_not_there)
{
    struct broker b = broker_start("", "--port 0");
    broker_kill(&b);
    expect_no_start(b.options, 1, "refused");
    broker_restart(&b);
    broker_say(&b, "SET crier something");
    expect_no_start(b.options, 1, "WRONGTYPE");
    broker_say(&b, "DEL crier");
    broker_say(&b, "REPLICAOF 127.0.0.1 1");
    expect_no_start(b.options, 1, "READONLY");
    broker_stop(&b);
}

static struct broker start_with_password(const char *password)
{
    struct broker b = broker_start("", "--port 0");
    broker_say(&b, "CONFIG SET requirepass %s", password);
    return b;
}

Test(redis_start, a_wrong_password)
{
    struct broker b = start_with_password("secret");
    char options[256];
    expect_no_start(b.options, 1, "NOAUTH");
    snprintf(options, sizeof(options),
             "--port 0 --redis redis://:secrets@127.0.0.1:%d", b.port);
    expect_no_start(options, 1, "WRONGPASS");
    broker_stop(&b);
}

/* The right one, with its characters encoded or not, and by the environment. */
Test(redis_start, a_password_a_database_and_a_key)
{
    struct broker b = start_with_password("se:c/r@t?");
    static const char *const urls[] = {
        "redis://:se:c%%2Fr@t%%3F@127.0.0.1:%d/3?key=chat",
        "redis://default:%%73e%%3Ac%%2fr%%40t%%3f@localhost:%d/3?key=chat",
    };
    for (size_t i = 0; i < COUNT(urls); i++) {
        char url[256];
        snprintf(url, sizeof(url), urls[i], b.port);
        setenv("CRIER_REDIS", url, 1);
        struct server server = server_start("");
        publish(&server, "x");
        char *log = server_log(&server);
        cr_expect_null(strstr(log, "c/r"), "%s", log);
        free(log);
        server_stop(&server);
        unsetenv("CRIER_REDIS");
    }
    b.is_locked = true;
    b.password = "se:c/r@t?";
    cr_expect_str_eq(broker_say(&b, "EXISTS crier"), "0");
    broker_stop(&b);
}

Test(redis_start, a_user_with_a_password)
{
    struct broker b = broker_start("", "");
    char options[256];
    broker_say(&b, "ACL SETUSER chat on >secret ~crier* +@all");
    snprintf(options, sizeof(options),
             "--redis redis://chat:secret@127.0.0.1:%d", b.port);
    struct server server = server_start(options);
    publish(&server, "x");
    server_stop(&server);
    snprintf(options, sizeof(options),
             "--port 0 --redis redis://chat:secret@127.0.0.1:%d?key=other",
             b.port);
    expect_no_start(options, 1, "NOPERM");
    broker_stop(&b);
}
