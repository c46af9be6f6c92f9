/*
 * bench-bare: the floor under a thread for each connection. It accepts, makes
 * a detached thread, receives once, sends a fixed answer, closes, and does
 * nothing else: no parsing, no limit, no store.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"

enum { STACK = 256 * 1024 };

static void *serve(void *argument)
{
    static const char answer[] =
        "HTTP/1.1 200 OK\r\n"
        "Content-Type: application/json\r\n"
        "Content-Length: 42\r\n"
        "Connection: close\r\n"
        "\r\n"
        "{\"text\":\"hello\",\"timestamp\":1744353427777}";
    const int fd = (int)(intptr_t)argument;
    char request[4096];

    if (recv(fd, request, sizeof request, 0) > 0)
        send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL);
    shutdown(fd, SHUT_WR);
    close(fd);
    return NULL;
}

int main(int argc, char **argv)
{
    const int listener = bench_listen(argc > 1 ? atoi(argv[1]) : 3004);
    pthread_attr_t detached;
    pthread_t thread;

    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&detached, STACK);
    for (;;) {
        const int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

        if (fd >= 0 && pthread_create(&thread, &detached, serve,
                                      (void *)(intptr_t)fd) != 0)
            close(fd);
    }
}
