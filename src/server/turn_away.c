/* turn_away: see turn_away.h. */
#include "server/turn_away.h"

#include "base/limit.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* The request has not been read. The body is JSON, since it might be for
 * /update. */
void turn_away_answer(int fd, const char *why)
{
    static const char answer[] = "HTTP/1.1 503 Service Unavailable\r\n"
                                 "Retry-After: 1\r\n"
                                 "Content-Type: application/json\r\n"
                                 "Content-Length: 31\r\n"
                                 "Connection: close\r\n"
                                 "\r\n"
                                 "{\"error\":\"Service Unavailable\"}";
    char dropped[4096];

    log_error("%s: clients are turned away", why);
    send(fd, answer, sizeof answer - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(fd, SHUT_WR);
    /* If the socket were closed with unread bytes, the kernel would send a
     * reset, and the client could lose the answer. */
    for (int i = 0; i < LIMIT_TURN_AWAY_READS; i++)
        if (recv(fd, dropped, sizeof dropped, MSG_DONTWAIT) <= 0)
            break;
}

void turn_away(int fd, const char *why)
{
    turn_away_answer(fd, why);
    close(fd);
}

int turn_away_reserve(void)
{
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

void turn_away_pause(void)
{
    const struct timespec pause = {.tv_nsec = 10000000L}; /* 10 ms */

    log_error("accept: %s", strerror(errno));
    nanosleep(&pause, NULL);
}

int turn_away_accept(int listener, int *reserve)
{
    int fd, error;

    if (*reserve >= 0)
        close(*reserve);
    fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    error = errno;
    *reserve = turn_away_reserve();
    if (fd >= 0 && *reserve < 0) {
        turn_away(fd, "out of file descriptors");
        *reserve = turn_away_reserve();
        error = ECONNABORTED;
        fd = -1;
    }
    errno = error;
    return fd;
}
