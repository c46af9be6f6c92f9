/*
 * bench-loop: the floor. One thread writes each message to all sockets in a
 * plain loop, and can do nothing else: no history, no order for the slow, no
 * HTTP to speak of, only as much as bench-load understands. What a server with
 * a thread for each subscriber costs beyond this is the price of its threads.
 */
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"

enum { MOST = 65536, EVENTS = 64 };

static int subscribers[MOST];
static int count;

static void send_text(int fd, const char *text)
{
    /* Who does not read is not our trouble here. */
    send(fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void publish(int publisher, const char *body)
{
    char event[4096], reply[4096];

    snprintf(event, sizeof event, "id: 1\ndata: %.3000s\n\n", body);
    for (int i = 0; i < count; i++)
        send_text(subscribers[i], event);
    snprintf(reply, sizeof reply,
             "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%.3000s",
             strlen(body), body);
    send_text(publisher, reply);
}

static void answer(int fd)
{
    char request[4096];
    ssize_t n = recv(fd, request, sizeof request - 1, 0);
    char *body;

    if (n <= 0) {
        for (int i = 0; i < count; i++)
            if (subscribers[i] == fd)
                subscribers[i] = subscribers[--count];
        close(fd);
        return;
    }
    request[n] = '\0';
    body = strstr(request, "\r\n\r\n");
    if (strncmp(request, "POST", 4) == 0 && body) {
        publish(fd, body + 4);
    } else if (count < MOST) {
        send_text(fd, "HTTP/1.1 200 OK\r\n"
                      "Content-Type: text/event-stream\r\n\r\n\n");
        subscribers[count++] = fd;
    }
}

static void welcome(int epoll, int listener)
{
    struct epoll_event event = {.events = EPOLLIN};

    event.data.fd = accept(listener, NULL, NULL);
    if (event.data.fd < 0)
        return;
    setsockopt(event.data.fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    epoll_ctl(epoll, EPOLL_CTL_ADD, event.data.fd, &event);
}

int main(int argc, char **argv)
{
    int listener = bench_listen(argc > 1 ? atoi(argv[1]) : 3003);
    int epoll = epoll_create1(0);
    struct epoll_event events[EVENTS] = {{.events = EPOLLIN}};
    struct rlimit files;

    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    events->data.fd = listener;
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, events);
    for (;;) {
        int n = epoll_wait(epoll, events, EVENTS, -1);

        for (int i = 0; i < n; i++) {
            if (events[i].data.fd == listener)
                welcome(epoll, listener);
            else
                answer(events[i].data.fd);
        }
    }
}
