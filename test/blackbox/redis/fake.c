#include "fake.h"

#include "../harness.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Each command begins with a `*` at the begin of a line. */
static int count_commands(const char *text, ssize_t size)
{
    int n = 0;
    for (ssize_t i = 0; i < size; i++)
        n += text[i] == '*' && (i == 0 || text[i - 1] == '\n');
    return n;
}

/* False if the connection shall end. */
static bool answer(struct fake *f, int fd)
{
    const size_t size = strlen(f->reply);
    char in[65536];
    ssize_t n = recv(fd, in, sizeof(in), 0);
    if (n <= 0 || size == 0)
        return false;
    if (f->reply[size - 1] != '\n')
        return true;
    for (int commands = count_commands(in, n); commands > 0; commands--)
        send(fd, f->reply, size, MSG_NOSIGNAL);
    return true;
}

static void greet(struct fake *f)
{
    int fd = accept4(f->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    if (f->count == FAKE_CLIENTS) {
        close(fd);
        return;
    }
    f->clients[f->count++] = fd;
    if (*f->reply != '\0' && f->reply[strlen(f->reply) - 1] != '\n')
        send(fd, f->reply, strlen(f->reply), MSG_NOSIGNAL);
}

static void *run_fake(void *argument)
{
    struct fake *f = argument;
    for (;;) {
        struct pollfd all[FAKE_CLIENTS + 2] = {
            {.fd = f->stop[0], .events = POLLIN},
            {.fd = f->listener, .events = POLLIN}};
        for (int i = 0; i < f->count; i++)
            all[i + 2] = (struct pollfd){f->clients[i], POLLIN, 0};
        poll(all, (nfds_t)f->count + 2, -1);
        if (all[0].revents != 0)
            return NULL;
        for (int i = f->count - 1; i >= 0; i--)
            if (all[i + 2].revents != 0 && !answer(f, f->clients[i])) {
                close(f->clients[i]);
                f->clients[i] = f->clients[--f->count];
            }
        if (all[1].revents != 0)
            greet(f);
    }
}

void fake_start(struct fake *f, int port, const char *reply)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    const int on = 1;
    *f = (struct fake){.reply = reply};
    f->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(f->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(f->listener, (const struct sockaddr *)&address, sizeof(address)) !=
            0 ||
        listen(f->listener, FAKE_CLIENTS) != 0 || pipe(f->stop) != 0 ||
        pthread_create(&f->thread, NULL, run_fake, f) != 0)
        fail("the fake broker does not start");
}

void fake_stop(struct fake *f)
{
    close(f->stop[1]);
    pthread_join(f->thread, NULL);
    close(f->stop[0]);
    close(f->listener);
    for (int i = 0; i < f->count; i++)
        close(f->clients[i]);
}
