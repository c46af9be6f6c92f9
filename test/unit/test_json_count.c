/* json_count: values and levels, of JSON and of what is none. */
#include "pages/json_count.h"

#include "unit.h"

#include <stdlib.h>

static const struct {
    const char *text;
    size_t len;
    size_t values, depth;
} counts[] = {
    {BYTES(""), 0, 0},
    {BYTES(" \t\r\n"), 0, 0},
    {BYTES("1"), 1, 0},
    {BYTES("-1.5e+3"), 1, 0},
    {BYTES("\"a\""), 1, 0},
    {BYTES("\"[{,:\""), 1, 0},
    {BYTES("\"\\\"[\\\\\""), 1, 0},
    {BYTES("[]"), 1, 1},
    {BYTES("[ ]"), 1, 1},
    {BYTES("{}"), 1, 1},
    {BYTES("[[]]"), 2, 2},
    {BYTES("[1,2]"), 3, 1},
    {BYTES("[ true , false , null ]"), 4, 1},
    {BYTES("[[],[]]"), 3, 2},
    {BYTES("[{},{}]"), 3, 2},
    {BYTES("{\"a\":1}"), 2, 1},
    {BYTES("{ \"a\" : 1 , \"b\" : [ ] }"), 3, 2},
    {BYTES("{\"a\":{\"b\":{\"c\":1}}}"), 4, 3},
    {BYTES("{\"a\":\"\\\\\",\"b\":\"]\"}"), 3, 1},
    /* No JSON: strings and brackets that do not end, or never began. */
    {BYTES("\""), 1, 0},
    {BYTES("\"\\"), 1, 0},
    {BYTES("\"\\\""), 1, 0},
    {BYTES("[[["), 3, 3},
    {BYTES("]]]["), 0, 1},
    {BYTES("}}{"), 0, 1},
    {BYTES(",,,"), 0, 0},
    {BYTES("not JSON at all"), 1, 0},
    /* What comes behind takes nothing away. */
    {BYTES("[1,2::::"), 3, 1},
    {BYTES("[[1]]]]]]"), 3, 2},
};

Test(json_count, values_and_levels)
{
    for (size_t i = 0; i < COUNT(counts); i++) {
        char *copy = copy_exactly(counts[i].text, counts[i].len);
        struct json_count count =
            json_count((struct slice){copy, counts[i].len});

        cr_expect_eq(count.values, counts[i].values, "%s: %zu values",
                     counts[i].text, count.values);
        cr_expect_eq(count.depth, counts[i].depth, "%s: %zu levels",
                     counts[i].text, count.depth);
        free(copy);
    }
}
