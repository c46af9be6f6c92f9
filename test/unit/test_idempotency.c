/* idempotency: which values of the field are keys, and which key. */
#include "unit.h"

#include "http/idempotency.h"

#include <stdio.h>
#include <string.h>

TestSuite(idempotency, .timeout = TEST_SECONDS);

static const char *key_of(const char *fields, char key[LIMIT_KEY + 1])
{
    static char head[2048];
    struct request r;

    snprintf(head, sizeof head, "POST / HTTP/1.1\r\nHost: x\r\n%s\r\n", fields);
    parse_good_head(head, &r);
    return idempotency_key(&r, key);
}

static const struct {
    const char *value, *key; /* NULL: it is none */
} values[] = {
    {"\"8e03978e-40d5-43e8-bc93-6894a57f9324\"",
     "8e03978e-40d5-43e8-bc93-6894a57f9324"},
    {"8e03978e-40d5-43e8-bc93-6894a57f9324",
     "8e03978e-40d5-43e8-bc93-6894a57f9324"},
    {"a", "a"},
    {"a+b/c==", "a+b/c=="},
    {"order:1'2\\3", "order:1'2\\3"},
    {"\"a b, c; d\"", "a b, c; d"},
    {"\"say \\\"hi\\\" \\\\ \"", "say \"hi\" \\ "},
    {"", NULL},
    {"\"\"", NULL},
    {"\"", NULL},
    {"\"a", NULL},
    {"a\"", NULL},
    {"\"a\"b", NULL},
    {"\"a\";x=1", NULL},
    {"\"a\", \"b\"", NULL},
    {"\"a\\\"", NULL},
    {"\"a\\b\"", NULL},
    {"\"a\\", NULL},
    {"a b", NULL},
    {"a,b", NULL},
    {"a;b", NULL},
    {"\"a\tb\"", NULL},
    {"\"\xc3\xa9\"", NULL},
    {"\xc3\xa9", NULL},
};

Test(idempotency, the_value_is_a_string_or_a_word)
{
    for (size_t i = 0; i < COUNT(values); i++) {
        char fields[256], key[LIMIT_KEY + 1];
        const char *reason;

        snprintf(fields, sizeof fields, "idempotency-key: %s\r\n",
                 values[i].value);
        reason = key_of(fields, key);
        if (!values[i].key)
            cr_expect_not_null(reason, "'%s' is a key", values[i].value);
        else if (reason)
            cr_expect_fail("'%s': %s", values[i].value, reason);
        else
            cr_expect_str_eq(key, values[i].key);
    }
}

Test(idempotency, without_the_field_it_is_empty)
{
    char key[LIMIT_KEY + 1] = "x";

    cr_expect_null(key_of("", key));
    cr_expect_str_empty(key);
}

Test(idempotency, two_are_none)
{
    char key[LIMIT_KEY + 1];

    cr_expect_not_null(
        key_of("Idempotency-Key: a\r\nIdempotency-Key: a\r\n", key));
}

/* Of both kinds: as long as it may be, and one byte more. */
Test(idempotency, it_has_255_bytes_at_most)
{
    static const char *const quotes[] = {"", "\""};

    for (size_t i = 0; i < COUNT(quotes); i++)
        for (int len = LIMIT_KEY; len <= LIMIT_KEY + 1; len++) {
            char fields[512], key[LIMIT_KEY + 1];
            const char *reason;

            snprintf(fields, sizeof fields, "Idempotency-Key: %s%0*d%s\r\n",
                     quotes[i], len, 0, quotes[i]);
            reason = key_of(fields, key);
            cr_expect_eq(reason == NULL, len == LIMIT_KEY, "%d bytes", len);
            if (!reason)
                cr_expect_eq(strlen(key), LIMIT_KEY);
        }
}
