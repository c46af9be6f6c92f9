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

/* Runs install-deps where only these commands exist, which say how they were
 * called, and an id that tells this user. */
static struct run install_deps(const char *goals, const char *commands,
                               const char *user)
{
    char list[256], *rest = list, *name, command[128], path[4096];
    const char *dir = own_tmpdir();
    snprintf(list, sizeof(list), "%s", commands);
    while ((name = strsep(&rest, " ")) != NULL)
        fake(name, "echo ${0##*/} \"$@\"");
    snprintf(command, sizeof(command), "echo %s", user);
    fake("id", command);

    snprintf(path, sizeof(path), "%s", getenv("PATH"));
    setenv("PATH", dir, 1);
    snprintf(command, sizeof(command), "scripts/install-deps %s", goals);
    struct run run = shell(command);
    setenv("PATH", path, 1);
    expect_run(shell("rm -r $TMPDIR"), 0, "", "");
    return run;
}

Test(scripts_deps, install_deps_does_nothing_where_all_is_there)
{
    static const char all[] = "make cc curl node npm chromium "
                              "clang-format clang-tidy cppcheck shellcheck "
                              "man apt-get env";
    expect_run(install_deps("build run sanitize test lint", all, "0"), 0, "",
               "");
    expect_run(install_deps("-n test", all, "0"), 0, "", "");
}

#define UPDATE "apt-get update\n"
#define INSTALL                                                                \
    "env DEBIAN_FRONTEND=noninteractive apt-get install --yes "                \
    "--no-install-recommends "

Test(scripts_deps, install_deps_installs_what_is_missing)
{
    static const char most[] = "cc npm shellcheck apt-get env sudo";

    expect_run(install_deps("run", most, "0"), 0, UPDATE INSTALL "make\n",
               "apt-get: make\n");
    expect_run(install_deps("run test", most, "0"), 0,
               UPDATE INSTALL "make curl nodejs chromium\n",
               "apt-get: make curl nodejs chromium\n");
    expect_run(install_deps("run", most, "1000"), 0,
               "sudo " UPDATE "sudo " INSTALL "make\n", "apt-get: make\n");
    expect_run(install_deps("-n lint", most, "1000"), 1,
               "make curl clang-format clang-tidy cppcheck man-db\n", "");
    expect_run(install_deps("run", "make apt-get env", "0"), 0,
               INSTALL "gcc libc6-dev libjansson-dev\n", "apt-get: ");
}

Test(scripts_deps, install_deps_tells_when_it_cannot)
{
    expect_run(install_deps("run", "cc sudo", "1000"), 1, "",
               "missing: make (Debian's names; this system has no "
               "apt-get");
    expect_run(install_deps("run", "cc apt-get", "1000"), 1, "",
               "missing: make (there is no sudo: ");
}
