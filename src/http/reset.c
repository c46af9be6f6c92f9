/* reset: see reset.h. */
#include "http/reset.h"

#include <sys/socket.h>

void reset_connection(struct stream *s)
{
    const struct sockaddr none = {.sa_family = AF_UNSPEC};

    /* Linux dissolves a connection so. Closing with SO_LINGER would do, too,
     * but the descriptor belongs to the caller. */
    (void)connect(s->fd, &none, sizeof none);
    s->broken = true;
}
