/* stack: see stack.h. */
#include "server/stack.h"

#include "base/limit.h"
#include "base/pages.h"

void stack_shrink(void)
{
    /* Stacks grow down. This frame needs less than 256 bytes, so nothing below
     * them is in use. Half of the stack's size below is still the stack. */
    char *frame = (char *)__builtin_frame_address(0) - 256;

    pages_give_back(frame - LIMIT_STACK / 2, LIMIT_STACK / 2);
}
