/* What the start lines say, and the QR code below them. */
#include "shell.h"

#include <stdlib.h>
#include <string.h>

TestSuite(announce, .timeout = TEST_SECONDS);

#define ON_A_TERMINAL                                                          \
    "PATH=$TMPDIR:$PATH script -qec \"timeout --foreground -s INT 90 "         \
    "${CRIER:-build/crier} --host 0.0.0.0 --port 0\" /dev/null"

/* Says what it is asked for, in both ways, and then ends the server. */
static void install_qrencode(void)
{
    FILE *file = create_file("qrencode");
    fputs("#!/bin/sh\necho \"QR: $*\"\necho 'QR error' >&2\n"
          "kill -INT $PPID\nexit 1\n",
          file);
    fclose(file);
    expect_run(shell("chmod +x $TMPDIR/qrencode"), 0, "", "");
}

static void require_network(void)
{
    if (system("hostname -I | grep -q '[0-9][.]'") != 0)
        cr_skip_test("this machine has no address but its own");
}

Test(announce, the_address_that_others_type)
{
    require_network();
    struct server server = server_start("--host 0.0.0.0");
    char *line = server_log_line(&server, "open http://|Ctrl-C");
    cr_expect_null(strstr(line, "localhost"), "%s", line);
    cr_expect_null(strstr(line, "127."), "%s", line);
    free(line);
    free(server_log_line(&server, "everybody on this network|0.0.0.0"));
    server_stop(&server);
}

Test(announce, a_qr_code_of_it_on_a_terminal)
{
    require_network();
    own_tmpdir();
    install_qrencode();
    struct run run = shell(ON_A_TERMINAL);
    cr_expect_eq(run.status, 0);
    cr_expect_not_null(strstr(run.out, "QR: -t ANSIUTF8 http://"));
    cr_expect_null(strstr(run.out, "QR error"));
    free(run.out);
    free(run.err);
    expect_run(shell("rm -r $TMPDIR"), 0, "", "");
}

Test(announce, no_qr_code_elsewhere)
{
    own_tmpdir();
    install_qrencode();
    char path[4096];
    snprintf(path, sizeof(path), "%s:%s", getenv("TMPDIR"), getenv("PATH"));
    setenv("PATH", path, 1);
    struct server server = server_start("--host 0.0.0.0");
    server_stop(&server);
    char *log = server_log(&server);
    cr_expect_null(strstr(log, "QR"), "%s", log);
    free(log);
    expect_run(shell("rm -r $TMPDIR"), 0, "", "");
}
