/* url: where the broker is. */
#include "journal/redis/url.h"

#include <criterion/criterion.h>
#include <string.h>

static struct url good(const char *text)
{
    char error[JOURNAL_ERROR_SIZE] = "";
    struct url u;

    cr_expect(url_parse(text, &u, error), "%s: %s", text, error);
    return u;
}

Test(url, what_is_not_said_is_the_default)
{
    struct url u = good("redis://broker");

    cr_expect_str_eq(u.host, "broker");
    cr_expect_str_eq(u.port, "6379");
    cr_expect_str_eq(u.db, "0");
    cr_expect_str_eq(u.key, "crier");
    cr_expect_str_eq(u.password, "");
    cr_expect_str_eq(u.shown, "redis://broker:6379/0?key=crier");
}

Test(url, all_of_it)
{
    struct url u = good("redis://me:se:c%2Fr@t%3f@[::1]:7000/15?key=my%20chat");

    cr_expect_str_eq(u.host, "::1");
    cr_expect_str_eq(u.port, "7000");
    cr_expect_str_eq(u.user, "me");
    cr_expect_str_eq(u.password, "se:c/r@t?");
    cr_expect_str_eq(u.db, "15");
    cr_expect_str_eq(u.key, "my chat");
    cr_expect_str_eq(u.shown, "redis://[::1]:7000/15?key=my chat");
    cr_expect_str_eq(good("redis://:x@[::1]").port, "6379");
    cr_expect_str_eq(good("redis://host/").db, "0");
}

Test(url, what_is_none)
{
    static const char *const texts[] = {
        "",
        "host:6379",
        "rediss://host",
        "redis://",
        "redis://:6379",
        "redis://host:",
        "redis://host:65536",
        "redis://host:x",
        "redis://password@host",
        "redis://:%zz@host",
        "redis://:%00@host",
        "redis://:%4@host",
        "redis://host/x",
        "redis://host/100000",
        "redis://host/0?",
        "redis://host/0?key=",
        "redis://host/0?name=x",
        "redis://[::1",
        "redis://[::1]x",
    };
    char error[JOURNAL_ERROR_SIZE];
    struct url u;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_expect_not(url_parse(texts[i], &u, error), "%s", texts[i]);
}

/* A part that is too long is refused, and not cut. */
Test(url, a_part_that_is_too_long)
{
    char text[1024] = "redis://", error[JOURNAL_ERROR_SIZE];
    struct url u;

    memset(text + strlen(text), 'h', URL_PART - 1);
    cr_expect(url_parse(text, &u, error));
    text[strlen(text)] = 'h';
    cr_expect_not(url_parse(text, &u, error));
}
