/* notify: see notify.h. */
#include "notify.h"

#include "base/log.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int send_to(const char *name, const char *text)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    const size_t len = strlen(name);
    ssize_t sent;
    int fd;

    if (len >= sizeof to.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    memcpy(to.sun_path, name, len);
    if (name[0] == '@') /* the abstract namespace: a NUL in its place */
        to.sun_path[0] = '\0';
    sent = sendto(fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL,
                  (const struct sockaddr *)&to,
                  (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
    close(fd);
    return sent < 0 ? -1 : 0;
}

void notify_ready(void)
{
    const char *name = getenv("NOTIFY_SOCKET");

    if (name && *name && send_to(name, "READY=1") < 0)
        log_say("crier: NOTIFY_SOCKET %s: %s", name, strerror(errno));
}
