/* json_memory: see json_memory.h. */
#include "base/json_memory.h"

#include "base/log.h"

#include <jansson.h>
#include <stdlib.h>
#include <time.h>

static void *wait_for_memory(size_t size)
{
    const struct timespec pause = {.tv_nsec = 10000000L}; /* 10 ms */
    void *memory;

    while (!(memory = malloc(size))) {
        log_error("out of memory: waiting for some");
        nanosleep(&pause, NULL);
    }
    return memory;
}

void json_memory_install(void)
{
    json_set_alloc_funcs(wait_for_memory, free);
}
