/* scripts/install-deps, where only fake commands exist. */
#include "shell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

TestSuite(scripts_deps, .timeout = TEST_SECONDS);

static void fake(const char *name, const char *body)
{
    FILE *file = create_file(name);
    fprintf(file, "#!/bin/sh\n%s\n", body);
    fchmod(fileno(file), 0755);
    fclose(file);
}

/* What install-deps may use of the real machine. */
static const char *const tools[] = {"awk", "mktemp", "rm",
                                    "sed", "sleep",  "tail"};

/* Runs install-deps where only these commands exist, and the tools, and an id
 * that tells this user. The compiler succeeds; how the others were called is
 * the output. */
static struct run install_deps(const char *goals, const char *commands,
                               const char *user)
{
    char list[256], *rest = list, *name, command[256], path[4096];
    const char *dir = own_tmpdir();
    fclose(create_file("calls"));
    snprintf(list, sizeof(list), "%s", commands);
    while ((name = strsep(&rest, " ")) != NULL)
        fake(name, strcmp(name, "cc") == 0
                       ? "exit 0"
                       : "echo ${0##*/} \"$@\" >>$TMPDIR/calls");
    for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
        fake(tools[i], "PATH=/usr/bin:/bin exec ${0##*/} \"$@\"");
    snprintf(command, sizeof(command), "echo %s", user);
    fake("id", command);

    snprintf(path, sizeof(path), "%s", getenv("PATH"));
    setenv("PATH", dir, 1);
    snprintf(command, sizeof(command),
             "scripts/install-deps %s; status=$?; PATH=/usr/bin:/bin;"
             "cat $TMPDIR/calls; exit $status",
             goals);
    struct run run = shell(command);
    setenv("PATH", path, 1);
    expect_run(shell("rm -r $TMPDIR"), 0, "", "");
    return run;
}

Test(scripts_deps, install_deps_does_nothing_where_all_is_there)
{
    static const char all[] = "make cc curl node npm chromium "
                              "chromium-headless-shell "
                              "clang-format clang-tidy cppcheck shellcheck "
                              "man apt-get env";
    expect_run(install_deps("build run sanitize test lint", all, "0"), 0, "",
               "");
    expect_run(install_deps("-n test", all, "0"), 0, "", "");
}

#define UPDATE "apt-get -q update\n"
#define ASK    "env LC_ALL=C apt-get install --assume-no --no-install-recommends "
#define INSTALL                                                                \
    "env LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -q install --yes "    \
    "--no-install-recommends -o Dpkg::Use-Pty=0 "

Test(scripts_deps, install_deps_installs_what_is_missing)
{
    static const char most[] = "cc npm shellcheck apt-get env sudo";

    expect_run(install_deps("build", most, "0"), 0,
               UPDATE ASK "make\n" INSTALL "make\n", "apt-get: make\n");
    expect_run(install_deps("run test", most, "0"), 0,
               INSTALL "make curl nodejs chromium chromium-headless-shell\n",
               "apt-get: make curl nodejs chromium chromium-headless-shell\n");
    expect_run(install_deps("build", most, "1000"), 0,
               "sudo " UPDATE "sudo " ASK "make\nsudo " INSTALL "make\n",
               "apt-get: make\n");
    expect_run(install_deps("-n lint", most, "1000"), 1,
               "make curl clang-format clang-tidy cppcheck man-db\n", "");
    expect_run(install_deps("run", "make apt-get env", "0"), 0,
               INSTALL "gcc libc6-dev libjansson-dev curl\n", "apt-get: ");
}

/* A header is not enough: what is missing is told by a program that links. */
Test(scripts_deps, install_deps_wants_libraries_that_link)
{
    own_tmpdir();
    fake("cc", "case $* in *-ljansson*) exit 1; esac");
    struct run run =
        shell("PATH=$TMPDIR:$PATH CC= scripts/install-deps -n build");
    cr_expect_str_eq(run.out, "libjansson-dev\n");
    expect_run(run, 1, "libjansson-dev", "");
    expect_run(shell("rm -r $TMPDIR"), 0, "", "");
}

Test(scripts_deps, scripts_tell_that_curl_is_missing)
{
    static const char *const scripts[] = {"subscribe", "update", "load",
                                          "faults/flood"};
    own_tmpdir();
    fake("bash", "exec /bin/bash \"$@\"");
    for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
        char command[128];
        snprintf(command, sizeof(command), "PATH=$TMPDIR; scripts/%s",
                 scripts[i]);
        struct run run = shell(command);
        expect_run(run, i == 0 ? 127 : 1, "",
                   ": curl is not installed: apt-get install curl\n");
    }
    expect_run(shell("rm -r $TMPDIR"), 0, "", "");
}

/* apt-get's own summary, and what it said when it failed. */
Test(scripts_deps, install_deps_tells_how_much_and_what_failed)
{
    static const char apt[] =
        "case $* in *assume-no*) echo 0 upgraded, 12 newly installed, 0;"
        "    echo Need to get 3,456 kB of archives.;"
        "    echo After this operation, 7 MB of disk space will be used.;;"
        "*yes*) echo E: no room; exit 100; esac";
    const char *dir = own_tmpdir();
    char command[256];
    fake("apt-get", apt);
    fake("id", "echo 0");
    snprintf(command, sizeof(command),
             "PATH=%s:$PATH CC=no-such-compiler scripts/install-deps build",
             dir);
    struct run run = shell(command);
    cr_expect_not_null(strstr(run.err, "12 packages: 3,456 kB to download, "
                                       "7 MB on disk\n"),
                       "%s", run.err);
    expect_run(run, 1, "", "  E: no room\ninstall-deps: all that it printed: ");
    expect_run(shell("rm -r $TMPDIR"), 0, "", "");
}

Test(scripts_deps, install_deps_tells_when_it_cannot)
{
    expect_run(install_deps("build", "cc sudo", "1000"), 1, "",
               "missing: make (Debian's names; this system has no "
               "apt-get");
    expect_run(install_deps("run", "cc apt-get curl", "1000"), 1, "",
               "missing: make (there is no sudo: as root, run apt-get update "
               "&& apt-get install --no-install-recommends make)\n");
}
