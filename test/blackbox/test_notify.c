/* NOTIFY_SOCKET: systemd hears when the server can be reached. */
#include "harness.h"
#include "tree.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

TestSuite(notify, .timeout = TEST_SECONDS);

/* Binds a socket to the name, where @ stands for the NUL of an abstract one. */
static int listen_as(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const struct timeval patience = {.tv_sec = HARNESS_PATIENCE};
    const size_t len = strlen(name);
    const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    socklen_t size;

    cr_assert_lt(len, sizeof address.sun_path);
    memcpy(address.sun_path, name, len);
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
    cr_assert_eq(bind(fd, (struct sockaddr *)&address, size), 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return fd;
}

static void expect_ready(const char *name)
{
    const int fd = listen_as(name);
    char text[64] = "";
    struct server server;

    setenv("NOTIFY_SOCKET", name, 1);
    server = server_start("");
    cr_assert_gt(recv(fd, text, sizeof text - 1, 0), 0);
    cr_expect_str_eq(text, "READY=1");
    server_stop(&server);
    close(fd);
}

Test(notify, says_that_the_server_is_ready)
{
    struct tree tree = tree_make();
    char name[64];

    expect_ready(tree_path(&tree, "notify"));
    tree_remove(&tree);
    snprintf(name, sizeof name, "@crier-test-%d", getpid());
    expect_ready(name);
}

Test(notify, a_server_that_nobody_hears_runs)
{
    char name[200];
    struct server server;

    setenv("NOTIFY_SOCKET", "/nowhere/notify", 1);
    server = server_start("");
    free(
        server_log_line(&server, "NOTIFY_SOCKET /nowhere/notify|No such file"));
    server_stop(&server);
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    setenv("NOTIFY_SOCKET", name, 1);
    server = server_start("");
    free(server_log_line(&server, "NOTIFY_SOCKET xxx|too long"));
    server_stop(&server);
}
