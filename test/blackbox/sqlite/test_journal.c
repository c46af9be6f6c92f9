/* --journal: what was said is there after a restart, and older than memory. */
#include "kept.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(journal, .timeout = TEST_SECONDS);

/* Reads n messages; their raw bytes, to be freed. */
static char *read_raw(struct client *client, int n)
{
    char *all = calloc(1, 1);
    for (int i = 0; i < n; i++) {
        struct event event = next_message(client);
        all = realloc(all, strlen(all) + event.raw_size + 1);
        strcat(all, event.raw);
    }
    return all;
}

Test(journal, a_restart_changes_no_byte_of_a_stream)
{
    struct kept k = kept_make("");
    struct server server = server_start(k.options);
    for (int i = 0; i < 3; i++)
        publish(&server, "plain");
    publish(&server, "\"\\ \u00e4 \u2028 \U0001f600 \t\n");
    const char nul[] = "{\"text\":\"a\\u0000b\"}";
    cr_expect_eq(post_body(&server, nul, strlen(nul)).status, 200);
    struct client *before = subscribe(&server, "?lastEventId=0", "");
    char *expected = read_raw(before, 5);
    client_close(before);
    server_stop(&server);

    server = server_start(k.options);
    cr_expect_eq(healthz(&server, "messages"), 0, "published since the start");
    struct client *after = subscribe(&server, "?lastEventId=0", "");
    char *got = read_raw(after, 5);
    cr_expect_str_eq(got, expected);
    publish(&server, "and now");
    cr_expect_not_null(strstr(next_message(after).data, "and now"));
    cr_expect_eq(healthz(&server, "messages"), 1);
    client_close(after);
    server_stop(&server);
    free(expected);
    free(got);
    kept_remove(&k);
}

Test(journal, an_id_from_before_the_restart_gets_the_rest)
{
    struct kept k = kept_make("");
    struct server server = server_start(k.options);
    struct client *client = subscribe(&server, "", "");
    char ids[6][64];
    snprintf(ids[0], sizeof(ids[0]), "%s", client->start_id);
    for (int i = 1; i <= 5; i++) {
        publish(&server, "x");
        snprintf(ids[i], sizeof(ids[i]), "%s", next_message(client).id);
    }
    client_close(client);
    server_stop(&server);
    server = server_start(k.options);
    for (int i = 0; i <= 5; i++) {
        client = subscribe_after(&server, ids[i], "");
        for (int n = i + 1; n <= 5; n++)
            cr_expect_str_eq(next_message(client).id, ids[n]);
        wait_healthz(&server, "subscribers", 1);
        publish(&server, "the end of this round");
        cr_expect_not_null(strstr(next_message(client).data, "the end"));
        client_close(client);
        wait_healthz(&server, "subscribers", 0);
        server_stop(&server);
        kept_sql(&k, "DELETE FROM messages WHERE data LIKE '%the end%'");
        server = server_start(k.options);
    }
    server_stop(&server);
    kept_remove(&k);
}

/* The id with which a stream of an empty journal began. */
Test(journal, an_id_of_an_empty_journal_misses_nothing)
{
    struct kept k = kept_make("");
    struct server server = server_start(k.options);
    struct client *client = subscribe(&server, "", "");
    char id[64];
    snprintf(id, sizeof(id), "%s", client->start_id);
    client_close(client);
    server_stop(&server);
    server = server_start(k.options);
    client = subscribe_after(&server, id, "");
    publish(&server, "the first");
    cr_expect_not_null(strstr(next_message(client).data, "the first"));
    client_close(client);
    server_stop(&server);
    kept_remove(&k);
}

Test(journal, ids_increase_although_the_clock_was_ahead)
{
    struct kept k = kept_make("");
    struct server server = server_start(k.options);
    publish(&server, "x");
    server_stop(&server);
    kept_sql(&k, "UPDATE messages SET id = '9999999999999' WHERE number = 1");
    server = server_start(k.options);
    struct client *client = subscribe(&server, "", "");
    cr_expect_str_eq(client->start_id, "9999999999999");
    publish(&server, "y");
    cr_expect_str_eq(next_message(client).id, "9999999999999-1");
    client_close(client);
    server_stop(&server);
    kept_remove(&k);
}

Test(journal, only_its_owner_may_read_the_file)
{
    static const char *const names[] = {"chat.db", "chat.db-wal",
                                        "chat.db-shm"};
    struct kept k = kept_make("");
    struct server server = server_start(k.options);
    publish(&server, "secret");
    for (size_t i = 0; i < COUNT(names); i++) {
        struct stat info;
        cr_assert_eq(stat(tree_path(&k.tree, names[i]), &info), 0);
        cr_expect_eq(info.st_mode & 0777, 0600, "%s: %o", names[i],
                     info.st_mode & 0777);
    }
    server_stop(&server);
    kept_remove(&k);
}

static void expect_no_start(const struct kept *k, const char *words)
{
    struct run run = run_to_end(k->options);
    char *newline = strchr(run.err, '\n');
    cr_expect_eq(run.status, 1, "%d", run.status);
    cr_expect(newline != NULL && newline[1] == '\0', "%s", run.err);
    cr_expect_not_null(strstr(run.err, words), "%s", run.err);
    cr_expect_not_null(strstr(run.err, "chat.db"), "%s", run.err);
    free(run.out);
    free(run.err);
}

Test(journal, a_second_server_on_the_file_is_one_line)
{
    struct kept k = kept_make("--port 0");
    struct server server = server_start(k.options);
    expect_no_start(&k, "another crier uses this file");
    publish(&server, "undisturbed");
    server_kill(&server);
    server = server_start(k.options);
    expect_count(&server, 1);
    server_stop(&server);
    kept_remove(&k);
}

static char *contents(const struct kept *k, size_t *size)
{
    FILE *file = fopen(k->file, "r");
    char *bytes = malloc(1 << 20);
    *size = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

/* Damages the file at a place, and expects that nothing else is changed. */
static void damage(const struct kept *k, size_t at, const char *words)
{
    size_t size, size_after;
    FILE *file = fopen(k->file, "r+");
    fseek(file, (long)at, SEEK_SET);
    fwrite("damage damage damage damage damage damage damage", 1, 48, file);
    fclose(file);
    char *before = contents(k, &size);
    expect_no_start(k, words);
    char *after = contents(k, &size_after);
    cr_expect(size == size_after && memcmp(before, after, size) == 0,
              "the file was changed");
    free(before);
    free(after);
}

Test(journal, a_damaged_file_is_an_error_and_stays_as_it_is)
{
    static const size_t places[] = {0, 4096, 3 * 4096 + 8};
    for (size_t i = 0; i < COUNT(places); i++) {
        struct kept k = kept_make("--port 0");
        struct server server = server_start(k.options);
        publish_burst(&server, 500);
        server_stop(&server);
        damage(&k, places[i], "is damaged");
        kept_remove(&k);
    }
}

Test(journal, what_is_no_journal_is_refused)
{
    struct kept k = kept_make("--port 0");
    kept_sql(&k, "CREATE TABLE accounts (name TEXT)");
    expect_no_start(&k, "another program");
    kept_remove(&k);

    k = kept_make("--port 0");
    struct server server = server_start(k.options);
    server_stop(&server);
    kept_sql(&k, "PRAGMA user_version = 99");
    expect_no_start(&k, "version 99");
    kept_remove(&k);

    k = kept_make("--port 0");
    tree_mkdir(&k.tree, "chat.db");
    expect_no_start(&k, "cannot open");
    kept_remove(&k);
}

/* SQLite would delete the log of an empty file, and the messages in it. */
Test(journal, a_log_without_its_file_is_not_deleted)
{
    struct kept k = kept_make("--port 0");
    struct server server = server_start(k.options);
    publish_burst(&server, 10);
    server_kill(&server);
    size_t size = kept_size(&k, "-wal");
    cr_assert_gt(size, 0);
    rename(k.file, tree_path(&k.tree, "away"));
    expect_no_start(&k, "its log is not");
    cr_expect_eq(kept_size(&k, "-wal"), size);
    rename(tree_path(&k.tree, "away"), k.file);
    server = server_start(k.options);
    expect_count(&server, 10);
    server_stop(&server);
    kept_remove(&k);
}

/* `: > chat.db` while the server runs. */
Test(journal, a_file_that_was_emptied_takes_no_message)
{
    struct kept k = kept_make("");
    struct server server = server_start(k.options);
    publish(&server, "x");
    cr_assert_eq(truncate(k.file, 0), 0);
    cr_expect_eq(post_once(&server, "y"), REFUSED);
    free(server_log_line(&server, "error: journal: |removed or replaced"));
    server_kill(&server);
    kept_remove(&k);
}

Test(journal, the_state_is_told)
{
    struct kept k = kept_make("");
    struct server server = server_start(k.options);
    publish_burst(&server, 3);
    struct client *client = client_connect(&server);
    client_send(client, "GET /healthz?ready HTTP/1.1\r\n" HOST "\r\n");
    struct response response = client_read(client);
    cr_expect_eq(response.status, 200);
    cr_expect_not_null(strstr(response.body, "\"journal\":\"ok\""), "%s",
                       response.body);
    client_send(client, "GET /metrics HTTP/1.1\r\n" HOST "\r\n");
    response = client_read(client);
    cr_expect_not_null(strstr(response.body, "\ncrier_journal_up 1\n"));
    cr_expect_not_null(
        strstr(response.body, "\ncrier_journal_messages_total 3\n"), "%s",
        response.body);
    client_close(client);
    server_stop(&server);
    kept_remove(&k);
}

Test(journal, each_sync_keeps_messages_over_kill_9)
{
    static const char *const options[] = {"--sync always", "--sync second",
                                          "--sync never"};
    for (size_t i = 0; i < COUNT(options); i++) {
        struct kept k = kept_make(options[i]);
        struct server server = server_start(k.options);
        publish_burst(&server, 100);
        server_kill(&server);
        server = server_start(k.options);
        expect_count(&server, 100);
        server_stop(&server);
        kept_remove(&k);
    }
}

/* Within a second or so the log is copied into the file, and emptied. */
Test(journal, sync_second_empties_the_log)
{
    struct kept k = kept_make("--sync second");
    struct server server = server_start(k.options);
    publish_burst(&server, 10);
    for (double start = seconds_now(); kept_size(&k, "-wal") > 0;)
        wait_a_moment(start, "an empty log");
    cr_expect_eq(kept_sql(&k, "SELECT count(*) FROM messages"), 11);
    server_stop(&server);
    kept_remove(&k);
}
