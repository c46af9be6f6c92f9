/* --journal: a post that is repeated under its Idempotency-Key is kept once,
 * whatever has happened to the first one. */
#include "kept.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(journal_keys, .timeout = TEST_SECONDS);

/* Also one that has left the memory, but not the file. */
Test(journal_keys, are_known_after_a_restart)
{
    struct kept k = kept_make("--history 2 --keep 10");
    for (int round = 0; round < 3; round++) {
        struct server server = server_start(k.options);
        cr_expect_eq(post_with_key(&server, "first", "one"), KEPT);
        if (round == 0)
            publish_burst(&server, 5);
        cr_expect_eq(healthz(&server, "messages"), round == 0 ? 6 : 0);
        expect_count(&server, 6);
        server_stop(&server);
    }
    kept_remove(&k);
}

Test(journal_keys, are_gone_with_their_rows)
{
    struct kept k = kept_make("--history 2 --keep 10");
    struct server server = server_start(k.options);
    cr_expect_eq(post_with_key(&server, "first", "one"), KEPT);
    publish_burst(&server, 11);
    cr_expect_eq(post_with_key(&server, "first", "one"), KEPT);
    cr_expect_eq(healthz(&server, "messages"), 13);
    cr_expect_eq(kept_sql(&k, "SELECT count(*) FROM messages "
                              "WHERE key = 'one'"),
                 1);
    server_stop(&server);
    kept_remove(&k);
}

Test(journal_keys, are_for_one_message)
{
    static const char head[] = "POST /update HTTP/1.1\r\n" HOST
                               "Idempotency-Key: one\r\nContent-Length: 12\r\n";
    char request[256];
    struct kept k = kept_make("");
    struct server server = server_start(k.options);
    for (char c = 'x'; c <= 'z'; c++) {
        snprintf(request, sizeof(request), "%s\r\n{\"text\":\"%c\"}", head, c);
        cr_expect_eq(ask(&server, request), c == 'x' ? 200 : 422);
    }
    cr_expect_eq(healthz(&server, "messages"), 1);
    server_stop(&server);
    kept_remove(&k);
}

/* What is not KEPT is said once more; then each message is there once. */
static void check_repeated(struct publishers *p, const struct server *server)
{
    static unsigned char seen[FATES];
    size_t count;
    memset(seen, 0, sizeof(seen));
    for (int i = 0; i < p->next && i < p->most; i++) {
        char text[16];
        snprintf(text, sizeof(text), "%d", i);
        if (p->fates[i] != KEPT)
            cr_assert_eq(post_with_key(server, text, text), KEPT);
    }
    char **texts = all_after(server, "0", &count, NULL);
    for (size_t i = 0; i < count; i++)
        cr_expect_eq(seen[atoi(texts[i])]++, 0, "%s is there twice", texts[i]);
    cr_expect_eq((int)count, p->next < p->most ? p->next : p->most, "%zu of %d",
                 count, p->next);
    free_texts(texts, count);
}

Test(journal_keys, twenty_at_once_are_kept_once)
{
    enum { CLIENTS = 20 };
    struct kept k = kept_make("");
    struct server server = start_with_board(k.options);
    struct client *clients[CLIENTS];
    double start = seconds_now();
    for (int i = 0; i < CLIENTS; i++)
        clients[i] = client_connect(&server);
    rule(FAULT_FDATASYNC)->calls = 0;
    rule(FAULT_FDATASYNC)->stalled = true;
    for (int i = 0; i < CLIENTS; i++)
        client_send(clients[i],
                    "POST /update HTTP/1.1\r\n" HOST "Idempotency-Key: one\r\n"
                    "Content-Length: 12\r\n\r\n{\"text\":\"x\"}");
    while (rule(FAULT_FDATASYNC)->calls == 0)
        wait_a_moment(start, "the disk to be asked");
    rule(FAULT_FDATASYNC)->stalled = false;
    for (int i = 0; i < CLIENTS; i++) {
        cr_expect_eq(client_read(clients[i]).status, 200);
        client_close(clients[i]);
    }
    cr_expect_eq(healthz(&server, "messages"), 1);
    expect_count(&server, 1);
    server_stop(&server);
    kept_remove(&k);
}

/* Kill -9 between a message and its answer, again and again. */
Test(journal_keys, over_kill_9_each_message_is_there_once)
{
    enum { ROUNDS = 20, PUBLISHERS = 20 };
    static struct publishers p = {.repeat = true};
    struct kept k = kept_make("--history 100 --keep 1000000");
    unsigned seed = 3;
    for (int round = 0; round < ROUNDS; round++) {
        struct server server = server_start(k.options);
        double start = seconds_now();
        int until = p.next + rand_r(&seed) % 80;
        check_repeated(&p, &server);
        memset((void *)p.fates, KEPT, (size_t)p.next);
        publishers_start(&p, &server, PUBLISHERS);
        while (p.next < until)
            wait_a_moment(start, "messages to be published");
        server_kill(&server);
        p.stop = true;
        publishers_join(&p);
    }
    struct server server = server_start(k.options);
    check_repeated(&p, &server);
    server_stop(&server);
    kept_remove(&k);
}

/* What is not clear becomes clear, and what was refused is kept. */
Test(journal_keys, after_a_failing_disk_a_repetition_settles_it)
{
    static const struct {
        enum fault function;
        int error;
        enum fate fate;
    } disks[] = {
        {FAULT_PWRITE, ENOSPC, REFUSED},
        {FAULT_PWRITE, EIO, REFUSED},
        {FAULT_FDATASYNC, EIO, UNCLEAR},
    };
    for (size_t i = 0; i < COUNT(disks); i++) {
        struct kept k = kept_make("");
        struct server server = start_with_board(k.options);
        cr_expect_eq(post_with_key(&server, "before", "0"), KEPT);
        fail_every(disks[i].function, 1, disks[i].error);
        cr_expect_eq(post_with_key(&server, "x", "1"), disks[i].fate);
        /* The file can be read: so this one is not refused. */
        cr_expect_eq(post_with_key(&server, "before", "0"), KEPT);
        fail_every(disks[i].function, 0, 0);
        cr_expect_eq(post_with_key(&server, "x", "1"), KEPT);
        cr_expect_eq(post_with_key(&server, "x", "1"), KEPT);
        expect_count(&server, 2);
        server_kill(&server);
        server = server_start(k.options);
        cr_expect_eq(post_with_key(&server, "x", "1"), KEPT);
        expect_count(&server, 2);
        server_stop(&server);
        kept_remove(&k);
    }
}

/* The disk failed, and then the process was killed: the message may be there
 * or not. The repetition says which, and does what is left. */
Test(journal_keys, after_an_unclear_message_and_kill_9_too)
{
    struct kept k = kept_make("");
    struct server server = start_with_board(k.options);
    fail_every(FAULT_FDATASYNC, 1, EIO);
    cr_expect_eq(post_with_key(&server, "x", "1"), UNCLEAR);
    server_kill(&server);
    fail_every(FAULT_FDATASYNC, 0, 0);
    server = server_start(k.options);
    cr_expect_eq(post_with_key(&server, "x", "1"), KEPT);
    expect_count(&server, 1);
    server_stop(&server);
    kept_remove(&k);
}

/* A message that is late, and its repetition, which comes before it is done. */
Test(journal_keys, a_disk_that_hangs_keeps_it_once)
{
    struct kept k = kept_make("");
    struct server server = start_with_board(k.options);
    struct client *subscriber = subscribe(&server, "", "");
    rule(FAULT_FDATASYNC)->stalled = true;
    cr_expect_eq(post_with_key(&server, "x", "1"), UNCLEAR);
    cr_expect_eq(post_with_key(&server, "x", "1"), UNCLEAR,
                 "it may be there: it must not say that nobody got it");
    rule(FAULT_FDATASYNC)->stalled = false;
    cr_expect_eq(post_with_key(&server, "x", "1"), KEPT);
    publish(&server, "end");
    cr_expect_not_null(strstr(next_message(subscriber).data, "\"x\""));
    cr_expect_not_null(strstr(next_message(subscriber).data, "\"end\""));
    client_close(subscriber);
    server_stop(&server);
    kept_remove(&k);
}

/* Every nth write or sync fails under publishers that repeat what failed. */
Test(journal_keys, every_nth_call_fails_and_each_message_is_there_once)
{
    static const struct {
        enum fault function;
        unsigned long n, more;
    } cases[] = {
        {FAULT_PWRITE, 97, 0},
        {FAULT_FDATASYNC, 3, 0},
        {FAULT_PREAD, 29, 0},
        {FAULT_MALLOC, 53, 0},
        /* What has failed cannot be rolled back either. */
        {FAULT_MALLOC, 211, 30},
    };
    static struct publishers p;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct kept k = kept_make("--keep 100000");
        struct server server = start_with_board(k.options);
        p = (struct publishers){.repeat = true, .most = 300};
        fail_every(cases[i].function, cases[i].n, 0);
        rule(cases[i].function)->more = cases[i].more;
        publishers_start(&p, &server, 8);
        publishers_join(&p);
        fail_every(cases[i].function, 0, 0);
        server_kill(&server);
        server = server_start(k.options);
        check_repeated(&p, &server);
        server_stop(&server);
        kept_remove(&k);
    }
}

/* ---- files of the first version ------------------------------------------ */

static const char *const version_1[] = {
    "PRAGMA application_id = 1668442469",
    "PRAGMA journal_mode = WAL",
    "CREATE TABLE messages (number INTEGER PRIMARY KEY, id TEXT NOT NULL, "
    "time TEXT NOT NULL, event TEXT NOT NULL, channel TEXT NOT NULL, "
    "data TEXT NOT NULL)",
    "INSERT INTO messages VALUES (0, '1795591479865', "
    "'2026-11-25 07:24:39.865', 'start', '', '')",
    "INSERT INTO messages VALUES (1, '1795591481073', "
    "'2026-11-25 07:24:41.073', 'message', '', "
    "'{\"text\":\"old\",\"timestamp\":1795591481073}')",
    "PRAGMA user_version = 1",
};

Test(journal_keys, a_file_without_them_gets_them)
{
    struct kept k = kept_make("");
    for (size_t i = 0; i < COUNT(version_1); i++)
        kept_sql(&k, version_1[i]);
    for (int round = 0; round < 2; round++) {
        struct server server = server_start(k.options);
        cr_expect_eq(post_with_key(&server, "new", "1"), KEPT);
        size_t count;
        char **texts = all_after(&server, "0", &count, NULL);
        cr_assert_eq(count, 2, "%zu", count);
        cr_expect_str_eq(texts[0], "old");
        cr_expect_str_eq(texts[1], "new");
        free_texts(texts, count);
        server_stop(&server);
    }
    cr_expect_geq(kept_sql(&k, "PRAGMA user_version"), 2);
    kept_remove(&k);
}
