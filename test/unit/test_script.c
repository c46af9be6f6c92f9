/* script: the steps of a scripted stream, its mistakes, where it goes on. */
#include "unit.h"

#include "pages/script_walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The steps as a text, one letter each: S(bytes) or s(bytes) for a part of an
 * event, with ~ before those that are split, c before those that are comments
 * alone; w for a wait, z for a stall; ! for a mistake. */
static void print_steps(const char *text, size_t len, char *out, size_t size)
{
    char *copy = copy_exactly(text, len);
    struct script s;
    size_t n = 0;

    script_begin(&s, (struct slice){copy, len});
    for (;;) {
        struct script_step step = script_next(&s);

        if (step.kind == SCRIPT_SEND)
            n += (size_t)snprintf(out + n, size - n, "%s%s%c(%.*s)",
                                  step.split ? "~" : "", step.silent ? "c" : "",
                                  step.whole ? 'S' : 's', SHOW(step.bytes));
        else
            n += (size_t)snprintf(out + n, size - n, "%c%.0lld",
                                  "Swzdrxle!"[step.kind], (long long)step.ms);
        cr_assert_lt(n, size);
        if (step.kind == SCRIPT_END || step.kind == SCRIPT_MISTAKE)
            break;
    }
    free(copy);
}

static const struct {
    const char *text, *steps;
} texts[] = {
    {"", "e"},
    {"\n\n\r\n", "e"},
    {"data: a\n\n", "S(data: a\n\n)e"},
    {"\xef\xbb\xbf"
     "data: a\n\n",
     "S(data: a\n\n)e"},
    {"\xef\xbb\xbf: wait 1s\n", "w1000e"},
    {"data: a\n\n\n\ndata: b\n\n", "S(data: a\n\n)S(data: b\n\n)e"},
    {"data: a\r\n\r\ndata: b\r\n\r\n", "S(data: a\r\n\r\n)S(data: b\r\n\r\n)e"},
    {"data: a\r\rdata: b\r\r", "S(data: a\r\r)S(data: b\r\r)e"},
    {"data: a", "s(data: a)e"},
    {"id: 1\ndata: a\n: wait 1.5s\ndata: b\n\n",
     "s(id: 1\ndata: a\n)w1500S(data: b\n\n)e"},
    {"data: a\n: wait 1s\n\n", "s(data: a\n)w1000S(\n)e"},
    {": hello\n: world\n\ndata: a\n\n",
     "cS(: hello\n: world\n\n)S(data: a\n\n)e"},
    {": split\n: hello\n\ndata: a\n: wait 2ms\n\ndata: b\n\n",
     "~cS(: hello\n\n)~s(data: a\n)w2~S(\n)S(data: b\n\n)e"},
    {":wait 1s\n:  drop\n: wait1s\n: waiting for it\n:\n: \n",
     "cs(:wait 1s\n:  drop\n: wait1s\n: waiting for it\n:\n: \n)e"},
    {": stall\n: stall 20ms\n: drop\n: reset\n: status 503\n: loop\n",
     "z3600000z20drxle"},
    {": wait   7ms  \n: wait 2m\n: wait 0.5s\n: wait 0ms\n", "w7w120000w500we"},
    {"data: a\n: drop\n\ndata: b\n\n", "s(data: a\n)dS(data: b\n\n)e"},
    {": wait\n", "!"},
    {": wait 5\n", "!"},
    {": wait 1h\n", "!"},
    {": wait .5s\n", "!"},
    {": wait 1.s\n", "!"},
    {": wait 1.2345s\n", "!"},
    {": wait -1s\n", "!"},
    {": wait 61m\n", "!"},
    {": wait 99999999999999999999s\n", "!"},
    {": wait for it\n", "!"},
    {": drop 3\n", "!"},
    {": loop for ever\n", "!"},
    {": status\n", "!"},
    {": status 200\n", "!"},
    {": status 600\n", "!"},
    {": sleep 2s\n", "!"},
};

Test(script, steps)
{
    for (size_t i = 0; i < COUNT(texts); i++) {
        char steps[512];

        print_steps(texts[i].text, strlen(texts[i].text), steps, sizeof steps);
        cr_expect_str_eq(steps, texts[i].steps, "'%s': %s", texts[i].text,
                         steps);
    }
}

Test(script, a_nul_is_a_byte_like_others)
{
    char steps[64];

    print_steps(BYTES(": wait 1s\0\n"), steps, sizeof steps);
    cr_expect_str_eq(steps, "!");
    print_steps(BYTES("\0: wait 1s\n\n"), steps, sizeof steps);
    cr_expect_eq(steps[0], 'S');
}

Test(script, a_status_has_a_text)
{
    struct script s;
    struct script_step step;

    script_begin(&s, slice_of(": status 429  {\"error\":1} \n: status 204\n"));
    step = script_next(&s);
    cr_expect_eq(step.status, 429);
    expect_slice(step.bytes, "{\"error\":1}", "the text");
    cr_expect_eq(script_next(&s).status, 204);
}

Test(script, jitter_holds_from_its_line_on)
{
    struct script s;

    script_begin(&s, slice_of(": wait 1s\n: jitter 9ms\n: wait 1s\n"
                              ": jitter 0ms\n: wait 1s\n"));
    script_next(&s);
    cr_expect_eq(s.jitter_ms, 0);
    script_next(&s);
    cr_expect_eq(s.jitter_ms, 9);
    script_next(&s);
    cr_expect_eq(s.jitter_ms, 0);
}

/* ---- mistakes --------------------------------------------------------- */

static const struct {
    const char *text;
    size_t line;
} checks[] = {
    {"", 0},
    {"data: a\n\n: wait 1s\n: loop\n", 0},
    {"data: a\n\n: wait 1s\n\n: wait 1x\n", 5},
    {"data: a\r\n\r\n: drop it\r\n", 3},
    {"data: a\n: loop\n\n\n", 0},
    {"data: a\n: loop\n\ndata: b\n", 4},
    {": loop\n: wait 1s\n", 2},
    {": overloaded\n\n: status 503\ndata: a\n\n", 0},
    {": jitter 1s\n: status 503\n", 0},
    {"data: a\n\n: status 503\n", 3},
    {": wait 1s\n: status 503\n", 2},
    {"data: a\n\n: drop\n: status 503\n", 0},
    {"data: a\n\n: reset\n: wait 1s\n: status 503\n", 5},
};

Test(script, a_mistake_is_told_with_its_line)
{
    for (size_t i = 0; i < COUNT(checks); i++) {
        const char *reason = NULL;
        size_t line = script_check(slice_of(checks[i].text), &reason);

        cr_expect_eq(line, checks[i].line, "'%s': %zu", checks[i].text, line);
        cr_expect_eq(!reason, line == 0, "'%s'", checks[i].text);
    }
}

/* ---- where it goes on ------------------------------------------------- */

static const char three[] = "id: 1\ndata: a\n\n"
                            "data: b\nid:2\n\n"
                            ": wait 1s\n: drop\n"
                            "id: 3\nid: 4\ndata: c\n\n"
                            ": stall 5s\n\n: wait 3s\n"
                            "id: 5\n: drop\n\ndata: d\n\n"
                            ": wait 4s\n"
                            "id: 8\n: loop\n";

static const struct {
    const char *id;
    const char *next; /* step, as print_steps has it; NULL: there is no id */
} places[] = {
    {"1", "S(data: b\nid:2\n\n)"},
    {"2", "S(id: 3\nid: 4\ndata: c\n\n)"}, /* the drop was */
    {"3", NULL},                           /* it is no event's last id */
    {"4", "w3000"},                        /* the stall was */
    {"5", NULL},                           /* the event never ended */
    {"6", NULL},
    {"8", "l"}, /* the loop completes it */
    {"", NULL},
};

Test(script, goes_on_behind_an_id)
{
    for (size_t i = 0; i < COUNT(places); i++) {
        struct script s;
        char steps[512] = "";
        bool found;

        script_begin(&s, slice_of(three));
        found = script_resume(&s, slice_of(places[i].id));
        cr_expect_eq(found, places[i].next != NULL, "%s", places[i].id);
        if (!found)
            cr_expect_eq(s.at, 0);
        else
            print_steps(s.text.at + s.at, s.text.len - s.at, steps,
                        sizeof steps);
        if (found)
            cr_expect_eq(strncmp(steps, places[i].next, strlen(places[i].next)),
                         0, "%s: %s", places[i].id, steps);
    }
}

static const struct {
    const char *text;
    bool over;
} ends[] = {
    {"", true},
    {": wait 1s\n: bye\n\n: jitter 1s\n", true},
    {": wait 1s\ndata: a\n\n", false},
    {": loop\n", false},
    {": status 503\n", false},
    {": drop\n", false},
};

Test(script, is_over_if_a_client_would_see_nothing)
{
    for (size_t i = 0; i < COUNT(ends); i++) {
        struct script s;

        script_begin(&s, slice_of(ends[i].text));
        cr_expect_eq(script_is_over(s), ends[i].over, "'%s'", ends[i].text);
    }
}
