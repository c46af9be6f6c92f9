/* chrome: the trace is JSON, whatever the order of the steps. test/browser
 * reads it with a parser of that format. */
#include "unit.h"

#include "store/store.h"
#include "threads/chrome.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST = 11, SECOND = 12 }; /* threads */

/* Three slices, of which the last two are open at the end. */
static const struct trace_entry steps[] = {
    {.ns = 5000123, .thread = FIRST, .step = TRACE_ASKS},
    {.ns = 5000456, .thread = FIRST, .step = TRACE_SLEEPS},
    {.ns = 5000789, .thread = SECOND, .step = TRACE_ASKS},
};

/* In this order. Returns how many slices there are. */
static int print(size_t a, size_t b, size_t c)
{
    const struct trace_entry e[] = {steps[a], steps[b], steps[c]};
    size_t len, i;
    char *text = chrome_trace(e, COUNT(e), &len);
    json_error_t error;
    json_t *json, *event;
    int slices = 0;

    cr_assert_not_null(text);
    json = json_loadb(text, len, 0, &error);
    cr_assert_not_null(json, "%s: %s", error.text, text);
    json_array_foreach(json_object_get(json, "traceEvents"), i, event)
    {
        const json_t *ts = json_object_get(event, "ts"),
                     *dur = json_object_get(event, "dur");

        cr_expect_geq(json_number_value(ts), 0, "%s", text);
        cr_expect_geq(json_number_value(dur), 0, "%s", text);
        slices +=
            strcmp(json_string_value(json_object_get(event, "ph")), "X") == 0;
    }
    json_decref(json);
    free(text);
    return slices;
}

Test(chrome, a_slice_for_each_time_that_a_thread_was_blocked)
{
    cr_expect_eq(print(0, 1, 2), 3);
}

/* A step of another thread that came earlier may have a later number. */
Test(chrome, overtaken_steps_have_their_times)
{
    cr_expect_eq(print(2, 0, 1), 3);
    cr_expect_eq(print(0, 2, 1), 3);
}

Test(chrome, nothing_is_a_trace_too)
{
    size_t len;
    char *text = chrome_trace(NULL, 0, &len);
    json_t *json = json_loadb(text, len, 0, NULL);

    cr_expect_not_null(json, "%s", text);
    json_decref(json);
    free(text);
}
