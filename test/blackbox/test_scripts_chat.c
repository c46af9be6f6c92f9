/* scripts/update and scripts/subscribe, against the real server. */
#include "shell.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(scripts_chat, .timeout = TEST_SECONDS);

/* ---- update ----------------------------------------------------------- */

/* Runs the command, and expects what it prints, and what then arrives, to be
 * the same JSON, of this text. */
static void expect_text(const struct server *server, const char *command,
                        const char *input, size_t input_size, const char *text,
                        size_t size)
{
    struct client *client = subscribe(server, "", "");
    struct run run = shell_with(command, input, input_size);
    cr_assert(run.status == 0, "%s: %s", command, run.err);
    cr_expect_str_empty(run.err);
    struct event event = next_message(client);
    size_t length = strlen(event.data);
    cr_expect(strncmp(run.out, event.data, length) == 0);
    cr_expect_str_eq(run.out + length, "\n");

    json_error_t error;
    json_t *object = json_loads(event.data, JSON_ALLOW_NUL, &error);
    json_t *value = json_object_get(object, "text");
    cr_assert(json_string_length(value) == size, "%zu bytes, not %zu: %s",
              json_string_length(value), size, event.data);
    cr_expect(memcmp(json_string_value(value), text, size) == 0, "%s: %s",
              command, event.data);
    json_decref(object);
    free(run.out);
    free(run.err);
    client_close(client);
}

static void expect_argument(const struct server *server, const char *command,
                            const char *text)
{
    expect_text(server, command, "not this", 8, text, strlen(text));
}

Test(scripts_chat, update_publishes_its_arguments)
{
    struct server server = start_server("");
    expect_argument(&server, "scripts/update hello", "hello");
    expect_argument(&server, "scripts/update 'two  blanks' and one",
                    "two  blanks and one");
    expect_argument(&server, "scripts/update -- -h", "-h");
    expect_argument(&server, "scripts/update @/etc/passwd", "@/etc/passwd");
    expect_argument(&server, "scripts/update '\"\\n%s$HOME`id`\\'",
                    "\"\\n%s$HOME`id`\\");
    expect_argument(&server, "scripts/update '안녕 \xf0\x9f\x98\x80'",
                    "안녕 \xf0\x9f\x98\x80");
    expect_argument(&server, "scripts/update \"$(printf 'a\\nb\\n\\n.')\"",
                    "a\nb\n\n.");
    server_stop(&server);
}

Test(scripts_chat, update_repeats_without_doubling)
{
    struct server server = start_server("");
    struct run first = shell("scripts/update -k 'a \"b\"' once");
    cr_expect_eq(first.status, 1, "a broken key: %s", first.err);
    cr_expect_not_null(strstr(first.err, "status 400"), "%s", first.err);
    free(first.out);
    free(first.err);
    first = shell("scripts/update -k order-1 once");
    cr_assert_eq(first.status, 0, "%s", first.err);
    struct run again = shell("scripts/update -k order-1 once");
    cr_expect_eq(again.status, 0, "%s", again.err);
    cr_expect_str_eq(again.out, first.out);
    cr_expect_eq(healthz(&server, "messages"), 1);
    free(first.out);
    free(first.err);
    free(again.out);
    free(again.err);
    server_stop(&server);
}

Test(scripts_chat, update_publishes_any_bytes_of_its_input)
{
    struct server server = start_server("");
    char bytes[128 + 16];
    for (int i = 0; i < 128; i++)
        bytes[i] = (char)i;
    memcpy(bytes + 128, "é \xe2\x80\xa8 \xf0\x9f\x98\x80 \r\n\n\n", 16);
    expect_text(&server, "scripts/update", bytes, sizeof(bytes), bytes,
                sizeof(bytes));
    expect_text(&server, "scripts/update -", bytes, sizeof(bytes), bytes,
                sizeof(bytes));
    expect_text(&server, "scripts/update", "\n", 1, "\n", 1);
    expect_text(&server, "scripts/update", "\0", 1, "\0", 1);
    server_stop(&server);
}

Test(scripts_chat, update_publishes_60_kib)
{
    struct server server = start_server("");
    static char text[60 * 1024];
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)('!' + 2 * (i % 10));
    memset(text, '\n', 1000);
    expect_text(&server, "scripts/update", text, sizeof(text), text,
                sizeof(text));
    server_stop(&server);
}

Test(scripts_chat, update_tells_why_it_is_refused)
{
    struct server server = start_server("--max-body 4096");
    expect_run(shell("scripts/update ''"), 1, "",
               "400: {\"error\":\"text 필드를 채워주세요\"}");
    expect_run(shell("scripts/update"), 1, "", "text 필드를 채워주세요");
    expect_run(shell("printf 'a\\377' | scripts/update"), 1, "",
               "400: {\"error\":\"");
    expect_run(shell("head -c 5000 /dev/zero | tr '\\0' a | scripts/update"), 1,
               "", "413: {\"error\":\"");
    cr_expect_eq(healthz(&server, "messages"), 0);
    server_stop(&server);
}

/* ---- subscribe -------------------------------------------------------- */

Test(scripts_chat, subscribe_prints_the_stream_as_it_is)
{
    struct server server = start_server("");
    for (int i = 0; i < 5; i++)
        publish(&server, "hello");
    struct client *client = subscribe(&server, "?lastEventId=0", "");
    char expected[4096] = "\nretry: 10000\nid: 0\n\n", second[64] = "";
    for (int i = 0; i < 3; i++) {
        struct event event = next_message(client);
        strcat(expected, event.raw);
        if (i == 1)
            snprintf(second, sizeof(second), "%s", event.id);
    }
    struct run run = shell("scripts/subscribe -a 0 -n 3");
    cr_expect_str_eq(run.out, expected);
    expect_run(run, 0, "hello", "");

    char command[128], third[256];
    struct event event = next_message(client);
    snprintf(third, sizeof(third), "id: %s\n", event.id);
    snprintf(command, sizeof(command),
             "scripts/subscribe -a %s -n 2 | sed -n 's/^id/id/p' | tail -n 1",
             second);
    expect_run(shell(command), 0, third, "");
    client_close(client);
    server_stop(&server);
}

static void read_two_and_interrupt(const char *command)
{
    struct server server = start_server("");
    struct shell reader = shell_start(command, "", 0);
    wait_healthz(&server, "subscribers", 1);
    publish(&server, "first");
    wait_for_output(&reader, "{\"text\":\"first\"");
    publish(&server, "second");
    wait_for_output(&reader, "{\"text\":\"second\"");
    kill(-reader.pid, SIGINT);
    expect_run(shell_end(&reader), 128 + SIGINT, "second", "");
    wait_healthz(&server, "subscribers", 0);
    server_stop(&server);
}

Test(scripts_chat, subscribe_prints_at_once_and_ends_by_ctrl_c)
{
    read_two_and_interrupt("exec scripts/subscribe");
}

/* As a script starts what it runs in the background. */
Test(scripts_chat, subscribe_ends_by_ctrl_c_where_its_launcher_does_not)
{
    read_two_and_interrupt("trap '' INT PIPE; exec scripts/subscribe");
}

Test(scripts_chat, subscribe_ends_with_the_server)
{
    struct server server = start_server("");
    struct shell reader =
        shell_start("scripts/subscribe -u $CRIER_URL/", "", 0);
    wait_healthz(&server, "subscribers", 1);
    server_stop(&server);
    expect_run(shell_end(&reader), 0, "\nretry: ", "");
}

Test(scripts_chat, subscribe_tells_a_refusal)
{
    struct server server = start_server("");
    expect_run(shell("scripts/subscribe -u $CRIER_URL/nowhere"), 22, "", "404");
    server_stop(&server);
}
