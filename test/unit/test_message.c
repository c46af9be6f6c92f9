/* message: the exact bytes of an event, and its owners. What is refused is
 * in test_message_errors.c. */
#include "unit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
     "\"\\u0085\\u2028\\u2029\""},
    {BYTES(
         "{\"text\":\"\\u2028a\xe2\x80\xa7\xe2\x80\xaa\xc2\x86\xe2\x80\xa9\"}"),
     "\"\\u2028a\xe2\x80\xa7\xe2\x80\xaa\xc2\x86\\u2029\""},
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
        char error[ERROR_SIZE], event[512], json[256], chunk[600];
        struct message *m = parse_message(texts[i].body, texts[i].len, error);

        cr_expect(m != NULL, "%s: %s", texts[i].body, error);
        if (!m)
            continue;
        message_stamp(m, id, id.ms);
        snprintf(json, sizeof json, "{\"text\":%s,\"timestamp\":1744353420000}",
                 texts[i].text);
        snprintf(event, sizeof event,
                 "retry: 10000\nid: 1744353420000-3\ndata: %s\n\n", json);
        expect_slice(message_event(m), event, texts[i].body);
        expect_slice(message_json(m), json, texts[i].body);
        snprintf(chunk, sizeof chunk, "%zx\r\n%s\r\n", strlen(event), event);
        expect_slice(message_chunk(m), chunk, texts[i].body);
        cr_expect_eq(event_id_compare(message_id(m), id), 0);
        message_unref(m);
    }
}

/* The id is ahead of a clock that was set back; the timestamp is the clock's.
 */
Test(message, timestamp_is_the_clocks)
{
    struct update_refusal refusal;
    struct message *m =
        update_body_message(BYTES("{\"text\":\"0\"}"), 1, &refusal);

    message_stamp(m, (struct event_id){2000, 1}, 1500);
    expect_slice(message_event(m),
                 "retry: 1\nid: 2000-1\n"
                 "data: {\"text\":\"0\",\"timestamp\":1500}\n\n",
                 "event");
    message_unref(m);
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
        struct update_refusal refusal;
        struct message *m = update_body_message(BYTES("{\"text\":\"0\"}"),
                                                stamps[i].retry_ms, &refusal);
        struct slice event;

        message_stamp(m, stamps[i].id, stamps[i].id.ms);
        event = message_event(m);
        cr_assert_gt(event.len, 2);
        cr_expect_eq(memcmp(event.at + event.len - 2, "\n\n", 2), 0);
        event.len -= 2;
        expect_slice(event, stamps[i].event, "event");
        message_unref(m);
    }
}

Test(message, long_texts)
{
    for (size_t len = 1; len <= 1 << 20; len *= 4) {
        char *body = malloc(len + 32), *at = stpcpy(body, "{\"text\":\"");
        char error[ERROR_SIZE];
        struct message *m;
        struct slice json;

        memset(at, '\x01' + 'a', len);
        at = stpcpy(at + len, "\"}");
        m = parse_message(body, (size_t)(at - body), error);
        cr_assert(m != NULL, "%s", error);
        message_stamp(m, (struct event_id){7, 0}, 7);
        json = message_json(m);
        cr_expect_eq(json.len, len + strlen("{\"text\":\"\",\"timestamp\":7}"));
        cr_expect_eq(memcmp(json.at, body, len + 10), 0);
        message_unref(m);
        free(body);
    }
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

        message_stamp(m, (struct event_id){7, 0}, 7);
        for (int i = 0; i < THREADS; i++)
            pthread_create(&threads[i], NULL, ref_and_unref, message_ref(m));
        for (int i = 0; i < THREADS; i++)
            pthread_join(threads[i], NULL);
        cr_expect_eq(message_number(m), round);
        message_unref(m);
    }
    message_unref(NULL);
}
