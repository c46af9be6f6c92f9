/* --journal: channels after a restart, and older than memory. */
#include "../channel.h"
#include "../exchange.h"
#include "kept.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(journal_channels, .timeout = TEST_SECONDS);

struct bytes {
    size_t size;
    char *at;
};

/* All that comes, up to the end that ?limit= sets; free it. */
static struct bytes read_all(const struct server *server, const char *target)
{
    struct client *client = client_connect(server);
    client_sendf(client, "GET %s HTTP/1.0\r\n\r\n", target);
    struct response response = client_read(client);
    struct bytes all = {response.body_size, malloc(response.body_size + 1)};
    cr_assert_eq(response.status, 200, "%s", target);
    memcpy(all.at, response.body, response.body_size + 1);
    client_close(client);
    return all;
}

static void post_raw(const struct server *server, const char *name,
                     const char *bytes, size_t size)
{
    struct reply reply = tell(server, name, "", bytes, size);
    cr_assert_eq(reply.status, 200, "%s", reply.body);
    free(reply.body);
}

Test(journal_channels, a_restart_changes_no_byte)
{
    static const char *const targets[] = {"/channels/a?lastEventId=0&limit=4",
                                          "/channels/b?lastEventId=0&limit=1",
                                          "/subscribe?lastEventId=0&limit=1"};
    static const char raw[] = "a\r\n\xe2\x80\xa8\0data: b\n";
    struct bytes before[COUNT(targets)];
    struct kept k = kept_make("");
    struct server server = server_start(k.options);
    post_raw(&server, "a?event=joined", raw, sizeof(raw) - 1);
    post_raw(&server, "a", "", 0);
    post_raw(&server, "a", "{\"text\":\"x\"}", 12);
    post_raw(&server, "a?event=message", "y", 1);
    say(&server, "b", "of another channel");
    publish(&server, "of the chat");
    for (size_t i = 0; i < COUNT(targets); i++)
        before[i] = read_all(&server, targets[i]);
    server_kill(&server);
    server = server_start(k.options);
    for (size_t i = 0; i < COUNT(targets); i++) {
        struct bytes after = read_all(&server, targets[i]);
        cr_expect(after.size == before[i].size &&
                      memcmp(after.at, before[i].at, after.size) == 0,
                  "%s: '%s', not '%s'", targets[i], after.at, before[i].at);
        free(after.at);
        free(before[i].at);
    }
    server_stop(&server);
    kept_remove(&k);
}

/* Each channel has its newest messages in memory, whatever others say; older
 * ones come from the file, and none of another channel. */
Test(journal_channels, older_messages_are_those_of_the_channel)
{
    struct kept k = kept_make("--history 3 --keep 1000");
    struct server server = server_start(k.options);
    struct id ids[200];
    char text[16];
    for (int round = 0; round < 2; round++) {
        for (int i = 100 * round; i < 100 * round + 100; i++) {
            snprintf(text, sizeof(text), "%d", i);
            ids[i] = say(&server, "a", text);
            say(&server, "b", "of another channel");
            if (i % 10 == 0)
                publish(&server, "of the chat");
        }
        struct client *client = hear_after(&server, "a", ids[0]);
        for (int i = 1; i < 100 * round + 100; i++) {
            snprintf(text, sizeof(text), "%d", i);
            expect_text(client, text, ids[i]);
        }
        client_close(client);
        server_stop(&server);
        server = server_start(k.options);
    }
    struct client *client = hear_after(&server, "a", (struct id){"0"});
    expect_text(client, "0", ids[0]);
    client_close(client);

    client = client_connect(&server);
    client_sendf(client,
                 "GET /poll?channel=a&after=%s HTTP/1.1\r\n" HOST "\r\n",
                 ids[0].text);
    struct response response = client_read(client);
    cr_expect_eq(response.status, 200);
    cr_expect_str_eq(response_field(&response, "Last-Event-ID"), ids[64].text);
    cr_expect_null(response_field(&response, "Event-Gap"));
    client_close(client);
    server_stop(&server);
    kept_remove(&k);
}

/* It had to make way, and comes back with all that is in the file. */
Test(journal_channels, one_that_has_gone_is_still_in_the_file)
{
    struct kept k = kept_make("--channels 2");
    struct server server = server_start(k.options);
    struct id first = say(&server, "a", "1"), second = say(&server, "a", "2");
    say(&server, "b", "1");
    say(&server, "c", "1");
    for (int round = 0; round < 2; round++) {
        struct client *client = hear_after(&server, "a", first);
        expect_text(client, "2", second);
        client_close(client);
        client = hear_after(&server, "a", second);
        wait_healthz(&server, "subscribers", 1);
        client_close(client);
        wait_healthz(&server, "subscribers", 0);
        say(&server, "d", "1");
        say(&server, "e", "1");
        client = hear_after(&server, "a", first);
        expect_text(client, "2", second);
        expect_text(client, "3", say(&server, "a", "3"));
        client_close(client);
        server_stop(&server);
        kept_sql(&k, "DELETE FROM messages WHERE data = '3'");
        server = server_start(k.options);
    }
    server_stop(&server);
    kept_remove(&k);
}

/* A busy channel pushed the messages of a quiet one out of the file. */
Test(journal_channels, what_the_file_no_longer_has_is_a_gap)
{
    struct kept k = kept_make("--history 5 --keep 10");
    struct server server = server_start(k.options);
    struct id old = say(&server, "quiet", "1");
    for (int i = 0; i < 40; i++)
        say(&server, "busy", "x");
    struct client *client = hear_after(&server, "quiet", (struct id){"0"});
    expect_text(client, "1", old); /* it is in memory */
    client_close(client);
    server_stop(&server);
    server = server_start(k.options);
    client = hear_after(&server, "quiet", old);
    expect_gap(client, old, "null");
    expect_text(client, "2", say(&server, "quiet", "2"));
    client_close(client);
    server_stop(&server);
    kept_remove(&k);
}

/* The second version had no index; its file is made one of this version. */
Test(journal_channels, a_file_of_the_second_version)
{
    struct kept k = kept_make("--history 2 --keep 100");
    struct server server = server_start(k.options);
    struct id id = say(&server, "a", "1");
    publish(&server, "of the chat");
    server_stop(&server);
    kept_sql(&k, "DROP INDEX messages_of_channel");
    kept_sql(&k, "PRAGMA user_version = 2");
    server = server_start(k.options);
    struct client *client = hear(&server, "a?lastEventId=0", "");
    expect_text(client, "1", id);
    client_close(client);
    server_stop(&server);
    cr_expect_eq(kept_sql(&k, "SELECT count(*) FROM sqlite_schema WHERE name = "
                              "'messages_of_channel'"),
                 1);
    kept_remove(&k);
}

/* kill -9: what was acknowledged is there, in its channel. */
Test(journal_channels, nothing_acknowledged_is_lost)
{
    struct kept k = kept_make("--history 10 --keep 1000");
    struct server server = server_start(k.options);
    struct id ids[60];
    char name[2] = "a", text[16];
    for (int i = 0; i < 60; i++) {
        name[0] = (char)('a' + i % 3);
        snprintf(text, sizeof(text), "%d", i);
        ids[i] = say(&server, name, text);
    }
    server_kill(&server);
    server = server_start(k.options);
    for (int c = 0; c < 3; c++) {
        name[0] = (char)('a' + c);
        struct client *client = hear_after(&server, name, ids[c]);
        for (int i = c + 3; i < 60; i += 3) {
            snprintf(text, sizeof(text), "%d", i);
            expect_text(client, text, ids[i]);
        }
        client_close(client);
    }
    server_stop(&server);
    kept_remove(&k);
}
