/* stack: see stack.h. */
#include "server/stack.h"

#include "base/limit.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

void stack_shrink(void)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    /* Stacks grow down. This frame needs less than 256 bytes, so nothing below
     * them is in use. Half of the stack's size below is still the stack. */
    uintptr_t frame = (uintptr_t)__builtin_frame_address(0) - 256;
    uintptr_t end = frame / page * page;
    uintptr_t start = end - LIMIT_STACK / 2;

    madvise((void *)start, end - start, MADV_DONTNEED);
}
