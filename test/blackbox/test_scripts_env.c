/* The scripts where the environment names a proxy, and a .curlrc asks for what
 * the scripts do not expect. */
#include "shell.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

TestSuite(scripts_env, .timeout = 120);

/* Nobody listens at this proxy. */
#define NOBODY "http://127.0.0.1:9"

/* A home with such a .curlrc, in which nothing else is left behind. */
static void hostile_home(void)
{
    const char *dir = own_tmpdir();
    FILE *curlrc = create_file(".curlrc");
    fputs("include\nfail\nverbose\nproxy = \"" NOBODY "\"\n"
          "user-agent = \"x\"\noutput = \"/dev/null\"\n",
          curlrc);
    fclose(curlrc);
    setenv("HOME", dir, 1);
    setenv("CURL_HOME", dir, 1);
    setenv("http_proxy", NOBODY, 1);
    setenv("ALL_PROXY", NOBODY, 1);
}

static void leave_home(void)
{
    expect_run(shell("rm $TMPDIR/.curlrc && rmdir $TMPDIR"), 0, "", "");
}

Test(scripts_env, this_machine_is_asked_without_a_proxy)
{
    struct server server = start_server("");
    char url[64];
    hostile_home();
    static const char *const hosts[] = {"chat.localhost", "localhost",
                                        "127.0.0.1"};
    for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
        snprintf(url, sizeof(url), "http://%s:%d", hosts[i], server.port);
        setenv("CRIER_URL", url, 1);
        expect_run(shell("scripts/update hello"), 0, "{\"text\":\"hello\",",
                   "");
        struct run run = shell("scripts/subscribe -a 0 -n 1");
        cr_expect(run.out[0] == '\n', "%s: no head, but '%s'", url, run.out);
        expect_run(run, 0, "data: {\"text\":\"hello\",", "");
    }
    expect_run(shell("scripts/load -s 3 -n 10 -c 2"), 0,
               "lost                  0\n", "");
    expect_run(shell("scripts/faults/publish-loop -t 1"), 0, "published ", "");
    expect_run(shell("scripts/faults/flood -n 3 -t 1"), 0, "served ", "");
    leave_home();
    server_stop(&server);
}

Test(scripts_env, this_machine_is_known_by_its_addresses_and_its_name)
{
    static const char print[] =
        "unset no_proxy NO_PROXY; . scripts/direct.sh; echo ,$no_proxy";
    char name[300], host[256];
    cr_assert_eq(gethostname(host, sizeof(host)), 0);
    snprintf(name, sizeof(name), ",%s,", host);
    expect_run(shell(print), 0, name, "");
    expect_run(shell(print), 0, ",::1,", "");
    expect_run(shell(print), 0, ",[::1],", "");
    expect_run(shell("no_proxy=a,b; . scripts/direct.sh; echo $no_proxy,"), 0,
               ",a,b,", "");
    expect_run(shell("unset no_proxy; NO_PROXY=c; . scripts/direct.sh;"
                     "echo $no_proxy,"),
               0, ",c,", "");
}

/* crier takes the absolute target that curl sends to a proxy. */
Test(scripts_env, another_machine_is_asked_through_the_proxy)
{
    struct server server = start_server("");
    hostile_home();
    expect_run(shell("http_proxy=$CRIER_URL scripts/update "
                     "-u http://crier.invalid hello"),
               0, "{\"text\":\"hello\",", "");
    expect_run(shell("http_proxy=$CRIER_URL no_proxy=crier.invalid "
                     "scripts/update -u http://crier.invalid hello"),
               1, "", "Could not resolve host");
    expect_run(shell("http_proxy=$CRIER_URL NO_PROXY=* "
                     "scripts/update -u http://crier.invalid hello"),
               1, "", "Could not resolve host");
    expect_run(shell("scripts/update -u http://crier.invalid hello"), 1, "",
               "127.0.0.1 port 9");
    cr_expect_eq(healthz(&server, "messages"), 1);
    leave_home();
    server_stop(&server);
}

/* Each call of curl names -q first: only there curl obeys it. */
Test(scripts_env, no_script_reads_a_curlrc)
{
    expect_run(shell("grep -rnE '(^|[|;&(`]|exec|in_client|\\$[a-z\"]+)"
                     " *curl +[-\"]' scripts | grep -v 'curl -q '; true"),
               0, "", "");
    expect_run(shell("grep -rlE 'curl -q ' scripts | sort | tr '\\n' ' '"), 0,
               "scripts/faults/common.sh scripts/faults/publish-loop "
               "scripts/faults/stall scripts/faults/vanish scripts/https "
               "scripts/load scripts/record scripts/sides scripts/subscribe "
               "scripts/update ",
               "");
}
