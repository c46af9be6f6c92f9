/* retry: see retry.h. */
#include "server/retry.h"

#include <stdlib.h>

int retry_ms(void)
{
    return LIMIT_RETRY_MS +
           (int)arc4random_uniform((unsigned)LIMIT_RETRY_SPREAD_MS + 1);
}

void retry_field(struct response *r)
{
    response_field(r, "Retry-After", "%d", retry_ms() / 1000);
}
