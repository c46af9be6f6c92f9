/* script_walk: see script_walk.h. */
#include "pages/script_walk.h"

#include <string.h>

/* Where a status may stand: no event of the same connection comes before it. */
static bool stays_fresh(const struct script_step *step, bool fresh)
{
    switch (step->kind) {
    case SCRIPT_SEND:
        return fresh && step->silent;
    case SCRIPT_DROP:
    case SCRIPT_RESET:
        return true;
    default:
        return fresh && step->kind != SCRIPT_WAIT && step->kind != SCRIPT_STALL;
    }
}

size_t script_check(struct slice text, const char **reason)
{
    bool fresh = true, looped = false;
    struct script s;

    script_begin(&s, text);
    for (;;) {
        const struct script_step step = script_next(&s);

        *reason = step.reason;
        if (step.kind == SCRIPT_END)
            return 0;
        if (step.kind == SCRIPT_STATUS && !fresh)
            *reason = "'status' must stand before the first event and the "
                      "first wait";
        else if (looped)
            *reason = "nothing may stand behind 'loop'";
        if (*reason)
            return step.line;
        fresh = stays_fresh(&step, fresh);
        looped = step.kind == SCRIPT_LOOP;
    }
}

/* The id that the lines set last; `before` if they set none. */
static struct slice last_id(struct slice lines, struct slice before)
{
    while (lines.len > 0) {
        struct slice value;

        if (script_field(script_line(&lines), "id", &value))
            before = value;
    }
    return before;
}

/* Skips what has happened already: see script_resume. */
static void skip_the_past(struct script *s)
{
    struct script ahead = *s;

    for (;;) {
        const struct script_step step = script_next(&ahead);

        switch (step.kind) {
        case SCRIPT_DROP:
        case SCRIPT_RESET:
        case SCRIPT_STALL:
            *s = ahead;
            break;
        case SCRIPT_SEND:
            if (!step.silent)
                return;
            break;
        case SCRIPT_WAIT:
            break;
        default:
            return;
        }
    }
}

static bool same(struct slice a, struct slice b)
{
    return a.at && a.len == b.len && (a.len == 0 || !memcmp(a.at, b.at, a.len));
}

/* The script's end, or a loop, completes an event that is open. */
static bool ends_event(const struct script_step *step)
{
    return step->whole || (step->open && (step->kind == SCRIPT_LOOP ||
                                          step->kind == SCRIPT_END));
}

bool script_resume(struct script *s, struct slice id)
{
    struct script ahead = *s;
    struct slice latest = {NULL, 0};

    for (;;) {
        const struct script before = ahead;
        const struct script_step step = script_next(&ahead);

        if (step.kind == SCRIPT_SEND)
            latest = last_id(step.bytes, latest);
        else if (step.kind == SCRIPT_DROP || step.kind == SCRIPT_RESET)
            latest = (struct slice){NULL, 0};
        if (ends_event(&step)) {
            if (same(latest, id)) {
                *s = step.whole ? ahead : before;
                break;
            }
            latest = (struct slice){NULL, 0};
        }
        if (step.kind == SCRIPT_END || step.kind == SCRIPT_MISTAKE)
            return false;
    }
    skip_the_past(s);
    return true;
}

bool script_is_over(struct script s)
{
    for (;;) {
        const struct script_step step = script_next(&s);

        if (step.kind == SCRIPT_END)
            return true;
        if (step.kind != SCRIPT_WAIT &&
            !(step.kind == SCRIPT_SEND && step.silent))
            return false;
    }
}
