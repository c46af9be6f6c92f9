/* retry: see retry.h. */
#include "server/retry.h"

#include <stdio.h>
#include <stdlib.h>

int retry_ms(void)
{
    return LIMIT_RETRY_MS +
           (int)arc4random_uniform((unsigned)LIMIT_RETRY_SPREAD_MS + 1);
}

int retry_stream(struct stream *stream)
{
    char text[32];

    snprintf(text, sizeof text, "retry: %d\n\n", retry_ms());
    return stream_write_chunk(stream, slice_of(text));
}

void retry_field(struct response *r)
{
    response_field(r, "Retry-After", "%d", retry_ms() / 1000);
}
