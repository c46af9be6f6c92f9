/* event_lines: texts become lines, and the lines texts again. */
#include "unit.h"

#include "store/event_lines.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    const char *text;
    size_t len;
    const char *lines;
    const char *back; /* NULL: the text itself */
} cases[] = {
    {"", BYTES("hi"), "data: hi", NULL},
    {"", BYTES(""), "data: ", NULL},
    {"", BYTES("\n"), "data: \ndata: ", NULL},
    {"", BYTES("a\nb"), "data: a\ndata: b", NULL},
    {"", BYTES("a\rb"), "data: a\ndata: b", "a\nb"},
    {"", BYTES("a\r\nb"), "data: a\ndata: b", "a\nb"},
    {"", BYTES("a\n\rb"), "data: a\ndata: \ndata: b", "a\n\nb"},
    {"", BYTES("a\r\r\nb"), "data: a\ndata: \ndata: b", "a\n\nb"},
    {"", BYTES("a\r"), "data: a\ndata: ", "a\n"},
    {"", BYTES("a\r\n"), "data: a\ndata: ", "a\n"},
    {"", BYTES("\n\na"), "data: \ndata: \ndata: a", NULL},
    {"", BYTES(" a:"), "data:  a:", NULL},
    {"", BYTES("data: a\ndata: b"), "data: data: a\ndata: data: b", NULL},
    {"", BYTES("event: a\nid: 1"), "data: event: a\ndata: id: 1", NULL},
    {"joined", BYTES("a\nb"), "event: joined\ndata: a\ndata: b", NULL},
    {"data: x", BYTES("a"), "event: data: x\ndata: a", NULL},
};

static void check(size_t i)
{
    char *text = copy_exactly(cases[i].text, cases[i].len);
    struct slice name = slice_of(cases[i].name), all = {text, cases[i].len};
    size_t size = event_lines_size(name, all);
    char *out = malloc(size);

    cr_assert_eq(size, strlen(cases[i].lines), "case %zu: %zu", i, size);
    event_lines_print(name, all, out);
    expect_slice((struct slice){out, size}, cases[i].lines, "lines");
    free(out);
    free(text);
}

/* In a whole event, as a message has it. */
static void check_back(size_t i)
{
    struct message *m =
        message_new(&(struct event_text){.channel = "news",
                                         .raw = {cases[i].text, cases[i].len},
                                         .raw_name = slice_of(cases[i].name)},
                    10000);
    char text[64];
    struct slice event, back = {text, 0};

    message_stamp(m, (struct event_id){7, 0}, 8);
    event = message_event(m);
    back.len = event_lines_text(event, text);
    expect_slice(back, cases[i].back ? cases[i].back : cases[i].text, "back");
    expect_slice(event_lines_name(event), cases[i].name, "name");
    message_unref(m);
}

Test(event_lines, there_and_back)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        check(i);
        check_back(i);
    }
}

Test(event_lines, a_whole_event)
{
    struct message *m = make_raw_message("news", 7);

    message_stamp(m, (struct event_id){1000, 2}, 8);
    expect_slice(message_event(m), "retry: 10000\nid: 1000-2\ndata: 7\n\n",
                 "event");
    expect_slice(message_chunk(m),
                 "21\r\nretry: 10000\nid: 1000-2\ndata: 7\n\n\r\n", "chunk");
    cr_expect_str_eq(message_channel(m), "news");
    message_unref(m);
}
