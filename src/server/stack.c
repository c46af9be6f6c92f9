/* stack: see stack.h. */
#include "server/stack.h"

#include "base/pages.h"

#include <pthread.h>

/* The lowest address of this thread's stack; NULL if it is not known. Where the
 * stack begins says less: the thread's own variables lie there, and a sanitizer
 * has many. Not inlined, so that the frame below stays small. */
static __attribute__((noinline)) char *find_bottom(void)
{
    pthread_attr_t attributes;
    void *bottom;
    size_t size;

    if (pthread_getattr_np(pthread_self(), &attributes) != 0)
        return NULL;
    pthread_attr_getstack(&attributes, &bottom, &size);
    pthread_attr_destroy(&attributes);
    return bottom;
}

void stack_shrink(void)
{
    char *bottom = find_bottom();
    /* Stacks grow down. This frame needs less than 256 bytes, so nothing below
     * them is in use. */
    char *frame = (char *)__builtin_frame_address(0) - 256;

    if (bottom)
        pages_give_back(bottom, (size_t)(frame - bottom));
}
