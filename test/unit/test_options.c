/* options: the command line, the environment, and what is wrong with them. */
#include "unit.h"

#include "journal/journal.h"
#include "options.h"

#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>

enum { WORDS = 32 };

/* Parses the words of a command line; *out and *err are to be freed. */
static enum options_result parse(struct settings *o, const char *line,
                                 char **out, char **err)
{
    /* Options keep strings of argv: it stays until the next call. */
    static char copy[1024];
    char *argv[WORDS] = {copy}, *next = copy;
    size_t out_size, err_size;
    FILE *out_file = open_memstream(out, &out_size);
    FILE *err_file = open_memstream(err, &err_size);
    enum options_result result;
    int argc = 0;

    snprintf(copy, sizeof copy, "crier %s", line);
    while ((argv[argc] = strsep(&next, " ")))
        argc++;
    if (!*line)
        argv[--argc] = NULL;
    result = options_parse(o, argc, argv, out_file, err_file);
    fclose(out_file);
    fclose(err_file);
    return result;
}

static struct settings parse_good(const char *line)
{
    struct settings o;
    char *out, *err;

    cr_expect(parse(&o, line, &out, &err) == OPTIONS_RUN, "%s: %s", line, err);
    cr_expect(!*out && !*err, "%s: %s%s", line, out, err);
    free(out);
    free(err);
    return o;
}

/* One line that begins with `crier: ` and holds the word. */
static void expect_bad(const char *line, const char *word)
{
    struct settings o;
    char *out, *err, *newline;

    cr_expect(parse(&o, line, &out, &err) == OPTIONS_BAD, "%s", line);
    newline = strchr(err, '\n');
    cr_expect(newline && !newline[1], "%s: '%s'", line, err);
    cr_expect(strncmp(err, "crier: ", 7) == 0, "%s: '%s'", line, err);
    cr_expect(strstr(err, word) != NULL, "%s: no %s in '%s'", line, word, err);
    cr_expect_str_empty(out);
    free(out);
    free(err);
}

Test(options, defaults)
{
    struct settings o = parse_good("");

    cr_expect_str_eq(o.host, "127.0.0.1");
    cr_expect_eq(o.port, 3000);
    cr_expect_null(o.public_dir);
    cr_expect_eq(o.history, 1000);
    cr_expect_null(o.journal);
    cr_expect_str_eq(o.sync, "always");
    cr_expect_eq(o.keep, o.history);
    cr_expect_eq(o.retry_ms, 10000);
    cr_expect_eq(o.heartbeat_ms, 15000);
    cr_expect_eq(o.max_clients, 0);
    cr_expect_eq(o.max_body, 65536);
    cr_expect_eq(o.turns, get_nprocs() + 1);
    cr_expect_not(o.classroom);
    cr_expect_not(o.quiet);
    cr_expect_eq(o.allow_origin.count, 0);
    cr_expect_eq(o.server_name.count, 0);
}

Test(options, every_flag)
{
    struct settings o = parse_good(
        "--host ::1 --port=0 --public /x --history 7 --retry 1 --heartbeat "
        "3600 --max-clients 99 --max-body 10 --turns 0 --quiet "
        "--classroom "
        "--allow-origin http://a --allow-origin=https://b:8443,* "
        "--server-name a,b --server-name c.example");

    cr_expect_str_eq(o.host, "::1");
    cr_expect_eq(o.port, 0);
    cr_expect_str_eq(o.public_dir, "/x");
    cr_expect_eq(o.history, 7);
    cr_expect_eq(o.retry_ms, 1);
    cr_expect_eq(o.heartbeat_ms, 3600000);
    cr_expect_eq(o.max_clients, 99);
    cr_expect_eq(o.max_body, 10);
    cr_expect_eq(o.turns, 0);
    cr_expect(o.classroom);
    cr_expect(o.quiet);
    cr_assert_eq(o.allow_origin.count, 3);
    expect_slice(o.allow_origin.items[0], "http://a", "the first");
    expect_slice(o.allow_origin.items[1], "https://b:8443", "the second");
    expect_slice(o.allow_origin.items[2], "*", "the third");
    cr_assert_eq(o.server_name.count, 3);
    expect_slice(o.server_name.items[2], "c.example", "the third name");
}

Test(options, addresses_of_proxies)
{
    struct settings o =
        parse_good("--trust-proxy 10.0.0.1,::1 --trust-proxy ::");

    cr_assert_eq(o.trust_proxy.count, 3);
    cr_expect(IN6_IS_ADDR_V4MAPPED(&o.trust_proxy.items[0]));
    cr_expect_eq(o.trust_proxy.items[0].s6_addr[12], 10);
    cr_expect(IN6_IS_ADDR_LOOPBACK(&o.trust_proxy.items[1]));
    cr_expect(IN6_IS_ADDR_UNSPECIFIED(&o.trust_proxy.items[2]));
    setenv("CRIER_TRUST_PROXY", "10.0.0.2", 1);
    o = parse_good("--trust-proxy ::1");
    cr_assert_eq(o.trust_proxy.count, 1);
    cr_expect(IN6_IS_ADDR_LOOPBACK(&o.trust_proxy.items[0]));
}

/* Each number's smallest and largest; one beyond is refused. */
static const struct {
    const char *flag;
    size_t member;
    long min, max;
    int unit;
} numbers[] = {
    {"--port", offsetof(struct settings, port), 0, 65535, 1},
    {"--history", offsetof(struct settings, history), 1, 1000000, 1},
    {"--retry", offsetof(struct settings, retry_ms), 1, 3600000, 1},
    {"--heartbeat", offsetof(struct settings, heartbeat_ms), 1, 3600, 1000},
    {"--max-clients", offsetof(struct settings, max_clients), 1, 1000000, 1},
    {"--max-body", offsetof(struct settings, max_body), 1, 67108864, 1},
    {"--turns", offsetof(struct settings, turns), 0, 1024, 1},
};

static void expect_number(size_t i, long value)
{
    char line[64];
    struct settings o;
    int got;

    snprintf(line, sizeof line, "%s %ld", numbers[i].flag, value);
    o = parse_good(line);
    memcpy(&got, (char *)&o + numbers[i].member, sizeof got);
    cr_expect(got == value * numbers[i].unit, "%s: %d", line, got);
}

Test(options, ranges_of_numbers)
{
    for (size_t i = 0; i < COUNT(numbers); i++) {
        char line[64];

        expect_number(i, numbers[i].min);
        expect_number(i, numbers[i].max);
        snprintf(line, sizeof line, "%s %ld", numbers[i].flag,
                 numbers[i].min - 1);
        expect_bad(line, numbers[i].flag);
        snprintf(line, sizeof line, "%s %ld", numbers[i].flag,
                 numbers[i].max + 1);
        expect_bad(line, numbers[i].flag);
    }
}

static const struct {
    const char *line, *word;
} bad[] = {
    {"--port x", "'x'"},
    {"--port 80x", "'80x'"},
    {"--port +80", "'+80'"},
    {"--port -1", "'-1'"},
    {"--port 0x50", "'0x50'"},
    {"--port 8e1", "'8e1'"},
    {"--port 80.0", "'80.0'"},
    {"--port=", "''"},
    {"--port 99999999999999999999", "--port"},
    {"--port 4294967376", "--port"}, /* 2^32 + 80 */
    {"--port", "'--port'"},
    {"--host=", "--host"},
    {"--public=", "--public"},
    {"--quiet=1", "--quiet"},
    {"--allow-origin a", "'a'"},
    {"--allow-origin http://", "'http://'"},
    {"--allow-origin ://a", "'://a'"},
    {"--allow-origin http://a/", "'http://a/'"},
    {"--allow-origin http:/a", "'http:/a'"},
    {"--allow-origin http://a,", "''"},
    {"--allow-origin=", "''"},
    {"--server-name a:80", "'a:80'"},
    {"--server-name http://a", "'http://a'"},
    {"--server-name=", "''"},
    {"--trust-proxy proxy.example", "'proxy.example'"},
    {"--trust-proxy 10.0.0.1:80", "'10.0.0.1:80'"},
    {"--trust-proxy [::1]", "'[::1]'"},
    {"--trust-proxy ::1,", "''"},
    {"--trust-proxy=", "''"},
    {"--nonsense", "'--nonsense'"},
    {"--nonsense=3", "--nonsense"},
    {"-p 80", "'-p'"},
    {"-port 80", "'-p'"},
    {"hello", "'hello'"},
    {"--quiet hello", "'hello'"},
    {"-- --quiet", "'--quiet'"},
};

Test(options, what_is_wrong)
{
    for (size_t i = 0; i < COUNT(bad); i++)
        expect_bad(bad[i].line, bad[i].word);
}

Test(options, as_many_origins_as_there_is_room)
{
    char line[1024] = "--allow-origin http://a";

    for (int i = 1; i < LIMIT_LIST; i++)
        strcat(line, ",http://a");
    cr_expect_eq(parse_good(line).allow_origin.count, LIMIT_LIST);
    strcat(line, ",http://a");
    expect_bad(line, "16");
}

Test(options, help)
{
    struct settings o;
    char *out, *err;

    cr_expect_eq(parse(&o, "--help", &out, &err), OPTIONS_DONE);
    for (size_t i = 0; i < COUNT(numbers); i++)
        cr_expect(strstr(out, numbers[i].flag), "%s", numbers[i].flag);
    cr_expect_str_empty(err);
    free(out);
    free(err);
}

Test(options, version)
{
    struct settings o;
    char *out, *err;

    cr_expect_eq(parse(&o, "--version --nonsense", &out, &err), OPTIONS_DONE);
    cr_expect(strncmp(out, "crier ", 6) == 0 && strchr(out, '.'), "%s", out);
    cr_expect_str_empty(err);
    free(out);
    free(err);
}

/* What was to be printed did not come to anybody. */
Test(options, help_to_a_full_disk)
{
    char name[] = "crier", help[] = "--help", version[] = "--version";
    char *const flags[] = {help, version};

    for (size_t i = 0; i < COUNT(flags); i++) {
        char *argv[] = {name, flags[i], NULL}, *err;
        FILE *full = fopen("/dev/full", "w");
        struct settings o;
        size_t size;
        FILE *file = open_memstream(&err, &size);

        cr_expect_eq(options_parse(&o, 2, argv, full, file), OPTIONS_UNHEARD);
        fclose(file);
        cr_expect(strncmp(err, "crier: ", 7) == 0 &&
                      strchr(err, '\n') == err + size - 1,
                  "%s", err);
        fclose(full);
        free(err);
    }
}

Test(options, every_variable)
{
    struct settings o;

    setenv("CRIER_HOST", "::1", 1);
    setenv("CRIER_PORT", "81", 1);
    setenv("CRIER_PUBLIC", "/x", 1);
    setenv("CRIER_HISTORY", "7", 1);
    setenv("CRIER_RETRY", "8", 1);
    setenv("CRIER_HEARTBEAT", "9", 1);
    setenv("CRIER_MAX_CLIENTS", "10", 1);
    setenv("CRIER_MAX_BODY", "11", 1);
    setenv("CRIER_TURNS", "12", 1);
    setenv("CRIER_ALLOW_ORIGIN", "http://a, http://b", 1);
    setenv("CRIER_SERVER_NAME", "c", 1);
    setenv("CRIER_QUIET", "1", 1);
    o = parse_good("");
    cr_expect_str_eq(o.host, "::1");
    cr_expect_eq(o.port, 81);
    cr_expect_str_eq(o.public_dir, "/x");
    cr_expect_eq(o.history, 7);
    cr_expect_eq(o.retry_ms, 8);
    cr_expect_eq(o.heartbeat_ms, 9000);
    cr_expect_eq(o.max_clients, 10);
    cr_expect_eq(o.max_body, 11);
    cr_expect_eq(o.turns, 12);
    cr_expect(o.quiet);
    cr_assert_eq(o.allow_origin.count, 2);
    expect_slice(o.allow_origin.items[1], "http://b", "the second");
    cr_assert_eq(o.server_name.count, 1);
    expect_slice(o.server_name.items[0], "c", "the name");
}

Test(options, flags_win)
{
    struct settings o;

    setenv("CRIER_PORT", "81", 1);
    setenv("CRIER_ALLOW_ORIGIN", "http://a,http://b", 1);
    o = parse_good("--port 82 --allow-origin http://c --allow-origin http://d");
    cr_expect_eq(o.port, 82);
    cr_assert_eq(o.allow_origin.count, 2, "the variable's list counts too");
    expect_slice(o.allow_origin.items[0], "http://c", "the first");
    expect_slice(o.allow_origin.items[1], "http://d", "the second");
}

Test(options, bad_and_empty_variables)
{
    setenv("CRIER_PORT", "", 1);
    setenv("CRIER_QUIET", "0", 1);
    cr_expect_eq(parse_good("").port, 3000);
    cr_expect_not(parse_good("").quiet);
    setenv("CRIER_QUIET", "yes", 1);
    expect_bad("", "CRIER_QUIET: 'yes'");
    setenv("CRIER_QUIET", "", 1);
    setenv("CRIER_MAX_BODY", "0", 1);
    expect_bad("", "CRIER_MAX_BODY: '0'");
}

/* A build without SQLite says how to build one with it. */
Test(options, a_journal_needs_sqlite)
{
    if (journal_was_built(JOURNAL_FILE))
        cr_expect_str_eq(parse_good("--journal chat.db").journal, "chat.db");
    else
        expect_bad("--journal chat.db", "make WITH=sqlite");
}

Test(options, of_the_journal)
{
    cr_expect_str_eq(parse_good("--sync second").sync, "second");
    cr_expect_str_eq(parse_good("--sync never").sync, "never");
    expect_bad("--sync sometimes", "always, second or never");
    cr_expect_eq(parse_good("--history 10 --keep 20").keep, 20);
    cr_expect_eq(parse_good("--history 10").keep, 10);
    expect_bad("--history 10 --keep 9", "--keep");
}
