/* json_memory: see json_memory.h. */
#include "base/json_memory.h"

#include "base/list.h"
#include "base/log.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdlib.h>

/* What stands in front of each piece of memory that jansson gets. */
struct block {
    alignas(max_align_t) struct list link;
};

struct parse {
    jmp_buf out;
    struct list blocks;
};

/* The parse that this thread runs, or NULL. jansson's allocator gets no
 * argument that could lead to it. */
static _Thread_local struct parse *running;

static void *take(size_t size)
{
    struct block *b = malloc(sizeof *b + size);

    if (!b && running)
        longjmp(running->out, 1);
    if (!b)
        return NULL;
    if (running)
        list_push_back(&running->blocks, &b->link);
    return b + 1;
}

/* During a parse, jansson frees only what it took in the same parse. After it
 * the list is gone, and the links of the tree's blocks mean nothing. */
static void give_back(void *memory)
{
    struct block *b = (struct block *)memory - 1;

    if (running)
        list_remove(&b->link);
    free(b);
}

static void free_all(const struct list *blocks)
{
    struct list *link = blocks->next, *next;

    for (; link != blocks; link = next) {
        next = link->next;
        free(LIST_ENTRY(link, struct block, link));
    }
}

void json_memory_install(void)
{
    json_set_alloc_funcs(take, give_back);
}

json_t *json_memory_load(struct slice text, json_error_t *error)
{
    const size_t flags =
        JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL;
    struct parse parse;
    json_t *root;

    list_init(&parse.blocks);
    running = &parse;
    if (setjmp(parse.out) != 0) {
        running = NULL;
        free_all(&parse.blocks);
        log_error("out of memory: JSON is not parsed");
        error->text[0] = '\0';
        return NULL;
    }
    root = json_loadb(text.at, text.len, flags, error);
    running = NULL;
    return root;
}
