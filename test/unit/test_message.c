/* message: what of a posted body becomes an event, and its exact bytes. */
#include "unit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct message *from_json(const char *body, size_t len, char *error)
{
    char *copy = copy_exactly(body, len);
    struct message *m = message_from_json(copy, len, 10000, error);

    free(copy);
    return m;
}

static const struct {
    const char *body;
    size_t len;
    const char *text; /* as JSON */
} texts[] = {
    {BYTES("{\"text\":\"hello\"}"), "\"hello\""},
    {BYTES(" \t\r\n{ \"text\" : \"a\" } \n"), "\"a\""},
    {BYTES("{\"text\":\" \"}"), "\" \""},
    {BYTES("{\"text\":\"한글 😀\"}"), "\"한글 😀\""},
    {BYTES("{\"text\":\"\\ud55c\\ud83d\\ude00\"}"), "\"한😀\""},
    /* All that JSON must escape, and nothing more. */
    {BYTES("{\"text\":\"\\\"\\\\\\/\"}"), "\"\\\"\\\\/\""},
    {BYTES("{\"text\":\"\\b\\f\\n\\r\\t\"}"), "\"\\b\\f\\n\\r\\t\""},
    {BYTES("{\"text\":\"\\u000a\\u000D\"}"), "\"\\n\\r\""},
    {BYTES("{\"text\":\"\\u0001\\u001f\"}"), "\"\\u0001\\u001F\""},
    {BYTES("{\"text\":\"\\u0000\"}"), "\"\\u0000\""},
    {BYTES("{\"text\":\"a\\u0000b\"}"), "\"a\\u0000b\""},
    {BYTES("{\"text\":\"\\u007f\\u0041\"}"), "\"\x7f\x41\""},
    /* Line ends to some, but not to an EventSource. */
    {BYTES("{\"text\":\"\\u0085\\u2028\\u2029\"}"),
     "\"\xc2\x85\xe2\x80\xa8\xe2\x80\xa9\""},
    {BYTES("{\"text\":\"data: x\\n\\nid: 1\"}"), "\"data: x\\n\\nid: 1\""},
    {BYTES("{\"text\":\"<b>&amp;'\"}"), "\"<b>&amp;'\""},
    /* Other members are ignored, whatever they are; the last text counts. */
    {BYTES("{\"a\":[1,{\"text\":\"b\"}],\"text\":\"c\",\"d\":null}"), "\"c\""},
    {BYTES("{\"text\":\"a\",\"text\":\"b\"}"), "\"b\""},
    {BYTES("{\"text\":5,\"text\":\"b\"}"), "\"b\""},
    {BYTES("{\"text\":\"a\",\"timestamp\":1,\"id\":\"2\"}"), "\"a\""},
    {BYTES("{\"n\":123456789012345678901234567890,\"text\":\"a\"}"), "\"a\""},
    {BYTES("{\"n\":-9223372036854775809,\"text\":\"a\"}"), "\"a\""},
    {BYTES("{\"n\":1e308,\"m\":1e-999,\"text\":\"a\"}"), "\"a\""},
};

Test(message, event)
{
    const struct event_id id = {1744353420000, 3};

    for (size_t i = 0; i < COUNT(texts); i++) {
        char error[MESSAGE_ERROR_SIZE], event[512], json[256];
        struct message *m = from_json(texts[i].body, texts[i].len, error);

        cr_expect(m != NULL, "%s: %s", texts[i].body, error);
        if (!m)
            continue;
        message_stamp(m, id);
        snprintf(json, sizeof json, "{\"text\":%s,\"timestamp\":1744353420000}",
                 texts[i].text);
        snprintf(event, sizeof event,
                 "retry: 10000\nid: 1744353420000-3\ndata: %s\n\n", json);
        expect_slice(message_event(m), event, texts[i].body);
        expect_slice(message_json(m), json, texts[i].body);
        cr_expect_eq(event_id_compare(message_id(m), id), 0);
        message_unref(m);
    }
}

static const struct {
    int retry_ms;
    struct event_id id;
    const char *event;
} stamps[] = {
    {10000,
     {1, 0},
     "retry: 10000\nid: 1\ndata: {\"text\":\"0\",\"timestamp\":1}"},
    {1, {0, 0}, "retry: 1\nid: 0\ndata: {\"text\":\"0\",\"timestamp\":0}"},
    {INT32_MAX,
     {INT64_MAX, UINT64_MAX},
     "retry: 2147483647\nid: 9223372036854775807-18446744073709551615\n"
     "data: {\"text\":\"0\",\"timestamp\":9223372036854775807}"},
};

Test(message, has_room_for_any_id)
{
    for (size_t i = 0; i < COUNT(stamps); i++) {
        char error[MESSAGE_ERROR_SIZE];
        struct message *m = message_from_json(BYTES("{\"text\":\"0\"}"),
                                              stamps[i].retry_ms, error);
        struct slice event;

        message_stamp(m, stamps[i].id);
        event = message_event(m);
        cr_assert_gt(event.len, 2);
        cr_expect_eq(memcmp(event.at + event.len - 2, "\n\n", 2), 0);
        event.len -= 2;
        expect_slice(event, stamps[i].event, "event");
        message_unref(m);
    }
}

#define EMPTY "text 필드를 채워주세요"

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

Test(message, errors_say_what_and_where)
{
    for (size_t i = 0; i < COUNT(errors); i++) {
        char error[MESSAGE_ERROR_SIZE] = "";
        struct message *m = from_json(errors[i].body, errors[i].len, error);
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

/* What stands before the fault is quoted in the error, and cut somewhere. */
Test(message, errors_are_utf8_wherever_they_are_cut)
{
    for (int len = 0; len < 300; len++) {
        char body[4 * 300 + 32], error[MESSAGE_ERROR_SIZE], *at = body;

        at = stpcpy(at, len % 2 ? "\"" : "{\"text\":\"x");
        for (int i = 0; i < len; i++)
            at = stpcpy(at, i % 3 ? "한" : "😀");
        *at++ = '\xed';
        cr_expect(!from_json(body, (size_t)(at - body), error));
        cr_expect(is_utf8(error), "%s", error);
    }
}

/* Members other than text are ignored, so no number is too large. */
Test(message, numbers_beyond_a_double)
{
    static const char body[] = "{\"a\":1e999,\"b\":-1e999,\"text\":\"c\"}";
    char error[MESSAGE_ERROR_SIZE];
    struct message *m = from_json(body, strlen(body), error);

    cr_expect(m != NULL, "%s", error);
    message_unref(m);
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
    m = from_json(body, len, error);
    free(body);
    return m;
}

Test(message, nesting)
{
    char error[MESSAGE_ERROR_SIZE];
    struct message *m = make_nested(1000, error);

    cr_expect(m != NULL, "%s", error);
    message_unref(m);
    cr_expect(make_nested(5000, error) == NULL);
    cr_expect(strstr(error, "depth") != NULL, "%s", error);
}

Test(message, long_texts)
{
    for (size_t len = 1; len <= 1 << 20; len *= 4) {
        char *body = malloc(len + 32), *at = stpcpy(body, "{\"text\":\"");
        char error[MESSAGE_ERROR_SIZE];
        struct message *m;
        struct slice json;

        memset(at, '\x01' + 'a', len);
        at = stpcpy(at + len, "\"}");
        m = from_json(body, (size_t)(at - body), error);
        cr_assert(m != NULL, "%s", error);
        message_stamp(m, (struct event_id){7, 0});
        json = message_json(m);
        cr_expect_eq(json.len, len + strlen("{\"text\":\"\",\"timestamp\":7}"));
        cr_expect_eq(memcmp(json.at, body, len + 10), 0);
        message_unref(m);
        free(body);
    }
}

Test(message, gap)
{
    const struct event_id oldest = {1744353420001, 2};
    const struct event_id longest = {INT64_MAX, UINT64_MAX};
    char out[MESSAGE_GAP_SIZE];
    size_t len = message_gap(out, (struct event_id){17, 0}, &oldest);

    cr_expect_eq(len, strlen(out));
    cr_expect_str_eq(out, "event: gap\ndata: {\"after\":\"17\","
                          "\"oldest\":\"1744353420001-2\"}\n\n");
    len = message_gap(out, (struct event_id){0, 0}, NULL);
    cr_expect_eq(len, strlen(out));
    cr_expect_str_eq(out,
                     "event: gap\ndata: {\"after\":\"0\",\"oldest\":null}\n\n");
    len = message_gap(out, longest, &longest);
    cr_expect_eq(len, strlen(out));
    cr_expect_str_eq(out + len - 4, "\"}\n\n", "cut short");
}

enum { THREADS = 4, REFS = 20000 };

static void *ref_and_unref(void *argument)
{
    struct message *m = argument;

    for (int i = 0; i < REFS; i++)
        message_ref(m);
    for (int i = 0; i <= REFS; i++)
        message_unref(m);
    return NULL;
}

/* Whoever is the last frees it: AddressSanitizer sees one who does too early,
 * and glibc one who does it twice. */
Test(message, references_of_many_threads)
{
    for (int round = 0; round < 10; round++) {
        struct message *m = make_message(round);
        pthread_t threads[THREADS];

        message_stamp(m, (struct event_id){7, 0});
        for (int i = 0; i < THREADS; i++)
            pthread_create(&threads[i], NULL, ref_and_unref, message_ref(m));
        for (int i = 0; i < THREADS; i++)
            pthread_join(threads[i], NULL);
        cr_expect_eq(message_number(m), round);
        message_unref(m);
    }
    message_unref(NULL);
}
