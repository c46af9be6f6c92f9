/* words: one event as several. */
#include "unit.h"

#include "pages/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *event, *pieces; /* NULL: it stays whole */
} events[] = {
    {"data: hello big world\n\n",
     "data: hello\n\ndata:  big\n\ndata:  world\n\n"},
    {"data: hello\n\n", "data: hello\n\n"},
    {"id: 7\nevent: say\ndata: a b\nretry: 5\n\n",
     "event: say\ndata: a\n\nid: 7\nevent: say\nretry: 5\ndata:  b\n\n"},
    {"data: a\ndata: b\n\n", "data: a\n\ndata: \ndata: b\n\n"},
    {"data: a\r\ndata:   b  \r\n\r\n", "data: a\n\ndata: \ndata:   b  \n\n"},
    {": hi\ndata: a  b \n\n", "data: a\n\n: hi\ndata:   b \n\n"},
    {"data\ndata\ndata: x\n\n", "data: \ndata: \ndata: x\n\n"},
    {"data:   \n\n", "data:   \n\n"},
    {"data: 안녕 여러분\n\n", "data: 안녕\n\ndata:  여러분\n\n"},
    {"data: {\"a\": 1}\n\n", NULL},
    {"data: [DONE]\n\n", NULL},
    {"data:\n\n", NULL},
    {"id: 1\n\n", NULL},
    {": comment\n\n", NULL},
};

Test(words, each_is_an_event)
{
    for (size_t i = 0; i < COUNT(events); i++) {
        size_t len = strlen(events[i].event);
        char *copy = copy_exactly(events[i].event, len), all[512] = "";
        bool cut;
        struct words w;
        struct slice piece;

        cut = words_begin(&w, (struct slice){copy, len});
        cr_expect_eq(cut, events[i].pieces != NULL, "'%s'", events[i].event);
        while (cut && words_next(&w, &piece))
            strncat(all, piece.at, piece.len);
        if (cut) {
            cr_expect_str_eq(all, events[i].pieces);
            words_end(&w);
        }
        free(copy);
    }
}
