/* shots: see shots.h. */
#include "threads/shots.h"

#include "threads/look_json.h"

#include <stdlib.h>
#include <unistd.h>

static void drop(struct shared_look *look)
{
    struct shot *shot = (struct shot *)look;

    free((char *)(uintptr_t)shot->changes.at);
    shared_text_free(&shot->all);
    free(shot->look.rows);
    free(shot);
}

static struct shared_look *take(const struct shared_look *before,
                                struct context *context)
{
    const struct look *look =
        before ? &((const struct shot *)before)->look : NULL;
    struct shot *shot = calloc(1, sizeof *shot);
    int directory;
    bool taken;

    if (!shot)
        return NULL;
    directory = proc_open(PROC_DIRECTORY);
    taken = look_take(&shot->look, look, context, directory);
    if (directory >= 0)
        close(directory);
    if (taken)
        shot->changes.at =
            look_json_event(&shot->look, look, context, &shot->changes.len);
    if (shot->changes.at)
        return &shot->shared;
    drop(&shot->shared);
    return NULL;
}

static struct slice all(struct shared_look *look, struct context *context)
{
    struct shot *shot = (struct shot *)look;
    struct slice text = shared_text(&shot->all);
    size_t len;
    char *made;

    if (text.at)
        return text;
    made = look_json_event(&shot->look, NULL, context, &len);
    return shared_text_set(&shot->all, made, len);
}

const struct shared_kind shots = {take, all, drop};
