/* update_body: posted bodies that are none, and what their senders are told. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EMPTY "text 필드를 채워주세요"
#define SIXTY_FOUR                                                             \
    "0123456789012345678901234567890123456789012345678901234567890123"

static const struct {
    const char *body;
    size_t len;
    const char *error; /* its beginning, or all of it */
} errors[] = {
    {BYTES("{}"), EMPTY},
    {BYTES("{\"text\":\"\"}"), EMPTY},
    {BYTES("{\"Text\":\"a\"}"), EMPTY},
    {BYTES("{\"texts\":\"a\",\"a\":{\"text\":\"b\"}}"), EMPTY},
    {BYTES(""), "empty body"},
    {BYTES("{\"text\":null}"), "\"text\" must be a string"},
    {BYTES("{\"text\":5}"), "\"text\" must be a string"},
    {BYTES("{\"text\":true}"), "\"text\" must be a string"},
    {BYTES("{\"text\":[\"a\"]}"), "\"text\" must be a string"},
    {BYTES("{\"text\":{}}"), "\"text\" must be a string"},
#define EVENT(json) BYTES("{\"text\":\"a\",\"event\":" json "}")
    {EVENT("5"), "\"event\" must be a string"},
    {EVENT("[]"), "\"event\" must be a string"},
    {EVENT("\"" SIXTY_FOUR "b\""), "\"event\" must be a string of at most 64"},
    {EVENT("\"a\\nb\""), "\"event\" must not have a line break"},
    {EVENT("\"a\\r\""), "\"event\" must not have a line break"},
    {EVENT("\"\\u0085a\""), "\"event\" must not have a line break"},
    {EVENT("\"\\u2028\""), "\"event\" must not have a line break"},
    {EVENT("\"\\u2029\""), "\"event\" must not have a line break"},
    {EVENT("\"a\\u0000b\""), "\"event\" must not have a line break"},
    {EVENT("\"gap\""), "the event \"gap\" is the server's own"},
    {BYTES("{\"event\":\"a\"}"), EMPTY},
    {BYTES("[]"), "the body must be a JSON object"},
    {BYTES("\"text\""), "the body must be a JSON object"},
    {BYTES("5"), "the body must be a JSON object"},
    {BYTES("null"), "the body must be a JSON object"},
    {BYTES(" "), "invalid JSON at line 1, column 1"},
    {BYTES("text=hello"), "invalid JSON at line 1, column"},
    {BYTES("{'text':'a'}"), "invalid JSON at line 1, column 2"},
    {BYTES("{\"text\":\"a\""), "invalid JSON at line 1, column 11"},
    {BYTES("{\"text\":\"a"), "invalid JSON at line 1, column 10"},
    {BYTES("{\n\"text\": hello}"), "invalid JSON at line 2, column"},
    {BYTES("{\"text\":\"a\",}"), "invalid JSON at line 1, column"},
    {BYTES("{\"text\":\"a\"}{}"), "invalid JSON at line 1, column 13"},
    {BYTES("{\"text\":\"a\"}\0"), "invalid JSON at line 1, column"},
    {BYTES("{\"text\":\"a\nb\"}"), "invalid JSON at line 1, column"},
    {BYTES("{\"text\":\"a\tb\"}"), "invalid JSON at line 1, column"},
    {BYTES("{\"text\":\"\\x\"}"), "invalid JSON at line 1, column"},
    {BYTES("{\"text\":\"\\u12\"}"), "invalid JSON at line 1, column"},
    {BYTES("{\"text\":\"\0\"}"), "invalid JSON at line 1, column"},
    /* Surrogates that stand alone, or the wrong way round. */
    {BYTES("{\"text\":\"\\ud800\"}"), "invalid JSON at line 1, column"},
    {BYTES("{\"text\":\"\\udc00\"}"), "invalid JSON at line 1, column"},
    {BYTES("{\"text\":\"\\ud800\\ud800\"}"), "invalid JSON at line 1, column"},
    {BYTES("{\"text\":\"\\udc00\\ud800\"}"), "invalid JSON at line 1, column"},
    /* No UTF-8: a lone byte, overlong, a surrogate, too large, cut off. */
    {BYTES("{\"text\":\"\xff\"}"), "invalid JSON at line 1, column"},
    {BYTES("{\"text\":\"\x80\"}"), "invalid JSON at line 1, column"},
    {BYTES("{\"text\":\"\xc0\xaf\"}"), "invalid JSON at line 1, column"},
    {BYTES("{\"text\":\"\xed\xa0\x80\"}"), "invalid JSON at line 1, column"},
    {BYTES("{\"text\":\"\xf4\x90\x80\x80\"}"),
     "invalid JSON at line 1, column"},
    {BYTES("{\"text\":\"\xed\x95"), "invalid JSON at line 1, column"},
    {BYTES("{\"text\":\"\xed\x95\"}"), "invalid JSON at line 1, column"},
    {BYTES("{\"a\xff\":1,\"text\":\"b\"}"), "invalid JSON at line 1, column"},
    {BYTES("\xed\x95\x9c\xed"), "invalid JSON at line 1, column 1"},
    {BYTES("\xff\xfe{\0}\0"), "invalid JSON at line 1, column"},
};

/* Good enough to see half a character: the length of each one is right. */
static bool is_utf8(const char *text)
{
    while (*text) {
        unsigned char c = (unsigned char)*text++;
        int more = c < 0x80   ? 0
                   : c < 0xc2 ? -1
                   : c < 0xe0 ? 1
                   : c < 0xf0 ? 2
                              : 3;

        if (more < 0 || c > 0xf4)
            return false;
        for (; more > 0; more--)
            if (((unsigned char)*text++ & 0xc0) != 0x80)
                return false;
    }
    return true;
}

Test(update_body, say_what_and_where)
{
    for (size_t i = 0; i < COUNT(errors); i++) {
        char error[ERROR_SIZE] = "";
        struct message *m = parse_message(errors[i].body, errors[i].len, error);
        const char *wanted = errors[i].error;

        cr_expect(m == NULL, "%s", errors[i].body);
        if (strcmp(wanted, EMPTY) == 0)
            cr_expect_str_eq(error, EMPTY);
        cr_expect(strncmp(error, wanted, strlen(wanted)) == 0, "%s: '%s'",
                  errors[i].body, error);
        cr_expect(is_utf8(error), "%s", error);
        message_unref(m);
    }
}

#define POWERSHELL "the double quotes are missing"
#define CURLY      "JSON needs plain double quotes"
#define QUOTE      "a text needs double quotes"
#define BREAK      "write a line break in a string as \\n"
#define FORM       "this looks like a form"
#define ENCODING   "the text is not UTF-8: is it EUC-KR"

static const struct {
    const char *body;
    size_t len;
    const char *hint; /* NULL: there is none */
} hints[] = {
    {BYTES(""), "is -d missing?"},
    {BYTES(" \n"), "there is only white space"},
    {BYTES("'{text:hello}'"), "cmd.exe does not know single quotes"},
    {BYTES("'{text:"), "cmd.exe does not know single quotes"},
    {BYTES("'{\"text\":\"a\"}'"), "cmd.exe does not know single quotes"},
    {BYTES("{'text':'a'}"), "JSON needs double quotes, not single ones"},
    {BYTES("{ 'text': 'a' }"), "JSON needs double quotes, not single ones"},
    {BYTES("{“text”:“a”}"), CURLY},
    {BYTES("{‘text’:‘a’}"), CURLY},
    {BYTES("{text:hello}"), POWERSHELL},
    {BYTES("{ text : hello }"), POWERSHELL},
    {BYTES("{한:글}"), POWERSHELL},
    {BYTES("{\\\"text\\\":\\\"a\\\"}"), "do not write a backslash"},
    {BYTES("{\\text\\:\\a\\}"), "do not write a backslash"},
    {BYTES("text=hello"), FORM},
    {BYTES("text=%EC%95%88+a&b=c"), FORM},
    {BYTES("--------x\r\nContent-Disposition: form-data"), FORM},
    {BYTES("%7B%22text%22%3A%22a%22%7D"), "this is URL-encoded"},
    {BYTES("[object Object]"), "in JavaScript, send JSON.stringify"},
    {BYTES("hello"), "send a JSON object"},
    {BYTES("<p>hello</p>"), "send a JSON object"},
    {BYTES("안녕"), "send a JSON object"},
    {BYTES("{\"text\":\"a\nb\"}"), BREAK},
    {BYTES("{\"text\":\"\\\"a\tb\"}"), BREAK},
    {BYTES("{\"text\":hello}"), QUOTE},
    {BYTES("{\"text\": 안녕}"), QUOTE},
    {BYTES("{\"a\":true,\"text\":True}"), QUOTE},
    /* UTF-16, with a byte order mark and without. */
    {BYTES("\xff\xfe{\0}\0"), "this looks like UTF-16: send UTF-8"},
    {BYTES("\xfe\xff\0{\0}"), "this looks like UTF-16: send UTF-8"},
    {BYTES("{\0\"\0t\0"), "this looks like UTF-16: send UTF-8"},
    {BYTES("\0{\0\"\0t"), "this looks like UTF-16: send UTF-8"},
    /* "안녕" in EUC-KR, also where the quotes are wrong, too. */
    {BYTES("{\"text\":\"\xbe\xc8\xb3\xe7\"}"), ENCODING},
    {BYTES("'{text:\xbe\xc8\xb3\xe7}'"), ENCODING},
    /* Nothing that is known. */
    {BYTES("{\"text\":\"a\""), NULL},
    {BYTES("{\"text\":\"a\",}"), NULL},
    {BYTES("{\"text\":\"a\"}{}"), NULL},
    {BYTES("{\"a\":[1e5, -2E+3 ,true,\tfalse, null,\"text\":\"a\"}"), NULL},
    {BYTES("\0\0a"), "send a JSON object"},
};

Test(update_body, hints)
{
    for (size_t i = 0; i < COUNT(hints); i++) {
        char error[ERROR_SIZE] = "";
        const char *hint;

        cr_expect(!parse_message(hints[i].body, hints[i].len, error));
        hint = strstr(error, "; ");
        if (hints[i].hint)
            cr_expect(hint && strncmp(hint + 2, hints[i].hint,
                                      strlen(hints[i].hint)) == 0,
                      "%s: '%s'", hints[i].body, error);
        else
            cr_expect(!hint, "%s: '%s'", hints[i].body, error);
        cr_expect(is_utf8(error) && !strchr(error, '\n'), "%s", error);
    }
}

static const struct {
    const char *event; /* as JSON */
    size_t len;
    const char *line, *member;
} events[] = {
    {EVENT("\"joined\""), "event: joined\n", ",\"event\":\"joined\""},
    {EVENT("\" a:b \""), "event:  a:b \n", ",\"event\":\" a:b \""},
    {EVENT("\"\\ud55c\\\"\\t\""), "event: 한\"\t\n",
     ",\"event\":\"한\\\"\\t\""},
    {EVENT("\"" SIXTY_FOUR "\""), "event: " SIXTY_FOUR "\n",
     ",\"event\":\"" SIXTY_FOUR "\""},
    {EVENT("\"gaps\""), "event: gaps\n", ",\"event\":\"gaps\""},
    {EVENT("\"message\""), "", ""},
    {EVENT("\"\""), "", ""},
    {EVENT("null"), "", ""},
};

Test(update_body, event_names_the_event)
{
    for (size_t i = 0; i < COUNT(events); i++) {
        char error[ERROR_SIZE], json[256], event[512];
        struct message *m =
            parse_message(events[i].event, events[i].len, error);

        cr_assert(m, "%s: %s", events[i].event, error);
        message_stamp(m, (struct event_id){7, 0}, 7);
        snprintf(json, sizeof json, "{\"text\":\"a\"%s,\"timestamp\":7}",
                 events[i].member);
        snprintf(event, sizeof event, "retry: 10000\nid: 7\n%sdata: %s\n\n",
                 events[i].line, json);
        expect_slice(message_json(m), json, events[i].event);
        expect_slice(message_event(m), event, events[i].event);
        message_unref(m);
    }
}

#define BOM "\xef\xbb\xbf"

Test(update_body, may_begin_with_a_byte_order_mark)
{
    char error[ERROR_SIZE];
    struct message *m =
        parse_message(BYTES(BOM "{\"text\":\"" BOM "a\"}"), error);

    cr_assert(m, "%s", error);
    message_stamp(m, (struct event_id){1, 0}, 1);
    expect_slice(message_json(m), "{\"text\":\"" BOM "a\",\"timestamp\":1}",
                 "without it");
    message_unref(m);
    cr_expect(!parse_message(BYTES(BOM), error));
    cr_expect(strstr(error, "empty body") == error, "%s", error);
    cr_expect(!parse_message(BYTES(BOM BOM "{}"), error));
    cr_expect(!parse_message(BYTES("\xef\xbb"), error));
}

/* What stands before the fault is quoted in the error, and cut somewhere. */
Test(update_body, are_utf8_wherever_they_are_cut)
{
    for (int len = 0; len < 300; len++) {
        char body[4 * 300 + 32], error[ERROR_SIZE], *at = body;

        at = stpcpy(at, len % 2 ? "\"" : "{\"text\":\"x");
        for (int i = 0; i < len; i++)
            at = stpcpy(at, i % 3 ? "한" : "😀");
        *at++ = '\xed';
        cr_expect(!parse_message(body, (size_t)(at - body), error));
        cr_expect(is_utf8(error), "%s", error);
    }
}

/* A limit of jansson's, which the README names. */
Test(update_body, numbers_beyond_a_double)
{
    static const char body[] = "{\"a\":1e999,\"text\":\"c\"}";
    char error[ERROR_SIZE];

    cr_expect_null(parse_message(body, strlen(body), error));
    cr_expect(strstr(error, "real number overflow"), "%s", error);
}

/* `depth` arrays in one another beside a good text. */
static struct message *make_nested(size_t depth, char *error)
{
    static const char start[] = "{\"text\":\"a\",\"b\":", end[] = "}";
    size_t len = strlen(start) + 2 * depth + strlen(end);
    char *body = malloc(len + 1), *at = stpcpy(body, start);
    struct message *m;

    memset(at, '[', depth);
    memset(at + depth, ']', depth);
    memcpy(at + 2 * depth, end, sizeof end);
    m = parse_message(body, len, error);
    free(body);
    return m;
}

Test(update_body, nesting)
{
    char error[ERROR_SIZE];
    struct message *m = make_nested(1000, error);

    cr_expect(m != NULL, "%s", error);
    message_unref(m);
    cr_expect(make_nested(5000, error) == NULL);
    cr_expect(strstr(error, "depth") != NULL, "%s", error);
}
