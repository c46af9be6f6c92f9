/* stack: see stack.h. */
#include "server/stack.h"

#include "base/limit.h"
#include "base/pages.h"

/* All that is in use when this is called is in the first quarter of the stack:
 * the rest is not. */
void stack_shrink(void)
{
    const size_t unused = LIMIT_STACK - LIMIT_STACK / 4;
    /* Stacks grow down. This frame needs less than 256 bytes. */
    char *frame = (char *)__builtin_frame_address(0) - 256;

    pages_give_back(frame - unused, unused);
}
