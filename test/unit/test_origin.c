/* origin: which pages may post (Fetch standard, CORS protocol). */
#include "unit.h"

#include "origin.h"

static enum origin judge(const char *authority, const char *origin,
                         const struct options *o)
{
    struct request r = {.authority = slice_of(authority)};

    if (origin)
        r.fields[r.field_count++] =
            (struct field){slice_of("Origin"), slice_of(origin)};
    return origin_judge(&r, o);
}

#define NAMES                                                                  \
    .host = "10.0.0.1",                                                        \
    .server_name = {.items = {{BYTES("a")}, {BYTES("chat.example")}},          \
                    .count = 2}

static const struct {
    const char *authority, *origin;
    enum origin judgement;
} pages[] = {
    {"localhost:3000", NULL, ORIGIN_OWN}, /* curl, or an old browser's page */
    {NULL, NULL, ORIGIN_OWN},
    {"localhost:3000", "http://localhost:3000", ORIGIN_OWN},
    {"LocalHost:3000", "HTTP://localhost:3000", ORIGIN_OWN},
    {"[::1]:3000", "http://[::1]:3000", ORIGIN_OWN},
    {"[::1]", "http://[::1]", ORIGIN_OWN},
    /* A scheme's own port may be left out on either side. */
    {"a", "http://a", ORIGIN_OWN},
    {"a:80", "http://a", ORIGIN_OWN},
    {"a:", "http://a", ORIGIN_OWN},
    {"a", "http://a:80", ORIGIN_OWN},
    {"a", "https://a", ORIGIN_OWN}, /* behind a proxy that ends TLS */
    {"a:443", "https://a", ORIGIN_OWN},
    {"a:80", "https://a", ORIGIN_FOREIGN},
    {"a:443", "http://a", ORIGIN_FOREIGN},
    {"a:3000", "http://a", ORIGIN_FOREIGN},
    {"a", "http://a:3000", ORIGIN_FOREIGN},
    {"[::1]", "http://[::1]:3000", ORIGIN_FOREIGN},
    {"[::1]:3000", "http://[::2]:3000", ORIGIN_FOREIGN},
    {"localhost:3000", "http://localhost:3001", ORIGIN_FOREIGN},
    {"localhost:3000", "http://localhost:300", ORIGIN_FOREIGN},
    {"localhost:3000", "http://127.0.0.1:3000", ORIGIN_FOREIGN},
    {"localhost:3000", "http://evil.example", ORIGIN_FOREIGN},
    {"localhost:3000", "http://localhost:3000.evil.example", ORIGIN_FOREIGN},
    {"localhost:3000", "http://evil.localhost:3000", ORIGIN_FOREIGN},
    {"localhost:3000", "http://localhost:3000@evil.example", ORIGIN_FOREIGN},
    {"localhost:3000", "http://localhost:3000/", ORIGIN_FOREIGN},
    {"localhost:3000", "ftp://localhost:3000", ORIGIN_FOREIGN},
    {"localhost:3000", "null", ORIGIN_FOREIGN},
    {"localhost:3000", "", ORIGIN_FOREIGN},
    {"localhost:3000", "http:", ORIGIN_FOREIGN},
    {"localhost:3000", "http:/", ORIGIN_FOREIGN},
    {"localhost:3000", "http://", ORIGIN_FOREIGN},
    {"localhost:3000", "localhost:3000", ORIGIN_FOREIGN},
    {"", "http://", ORIGIN_FOREIGN},
    {"", "http://:80", ORIGIN_FOREIGN},
    {NULL, "http://a", ORIGIN_FOREIGN},
    {"null", "null", ORIGIN_FOREIGN},
};

Test(origin, own_and_foreign_pages)
{
    const struct options none = {NAMES};

    for (size_t i = 0; i < COUNT(pages); i++) {
        enum origin got = judge(pages[i].authority, pages[i].origin, &none);

        cr_expect(got == pages[i].judgement, "%s at %s: %d", pages[i].origin,
                  pages[i].authority, got);
    }
}

Test(origin, allowed_pages)
{
    const struct options two = {
        NAMES,
        .allow_origin = {.items = {{BYTES("http://b:8080")},
                                   {BYTES("https://c")}},
                         .count = 2},
    };

    cr_expect_eq(judge("a", "http://b:8080", &two), ORIGIN_ALLOWED);
    cr_expect_eq(judge("a", "HTTP://B:8080", &two), ORIGIN_ALLOWED);
    cr_expect_eq(judge("a", "https://c", &two), ORIGIN_ALLOWED);
    cr_expect_eq(judge("a", "http://c", &two), ORIGIN_FOREIGN);
    cr_expect_eq(judge("a", "http://b:80801", &two), ORIGIN_FOREIGN);
    cr_expect_eq(judge("a", "http://b", &two), ORIGIN_FOREIGN);
    cr_expect_eq(judge("a", "", &two), ORIGIN_FOREIGN);
    cr_expect_eq(judge("a", "http://a", &two), ORIGIN_OWN);
    cr_expect(!origin_any(&two));
}

Test(origin, any_page)
{
    const struct options any = {
        NAMES,
        .allow_origin = {.items = {{BYTES("http://b")}, {BYTES("*")}},
                         .count = 2},
    };

    cr_expect_eq(judge("a", "http://evil.example", &any), ORIGIN_ALLOWED);
    cr_expect_eq(judge("a", "null", &any), ORIGIN_ALLOWED);
    cr_expect_eq(judge("evil.example", "http://evil.example", &any),
                 ORIGIN_ALLOWED, "any means any");
    cr_expect(origin_any(&any));
}

/* DNS rebinding: whose name points here is not one of us for that. */
Test(origin, only_our_own_names)
{
    static const char *const ours[] = {
        "localhost", "127.0.0.1", "192.168.1.7:3000", "[::1]", "[fe80::1]:80",
        "10.0.0.1",  "a",         "Chat.Example:8080"};
    static const char *const others[] = {
        "evil.example",           "localhost.evil.example",
        "127.0.0.1.evil.example", "b",
        "chat.example.",          "xchat.example"};
    const struct options o = {
        NAMES, .allow_origin = {.items = {{BYTES("http://b")}}, .count = 1}};
    char origin[64];

    for (size_t i = 0; i < COUNT(ours); i++) {
        snprintf(origin, sizeof origin, "http://%s", ours[i]);
        cr_expect_eq(judge(ours[i], origin, &o), ORIGIN_OWN, "%s", ours[i]);
        cr_expect_eq(judge(ours[i], "http://b", &o), ORIGIN_ALLOWED);
    }
    for (size_t i = 0; i < COUNT(others); i++) {
        snprintf(origin, sizeof origin, "http://%s", others[i]);
        cr_expect_eq(judge(others[i], origin, &o), ORIGIN_FOREIGN, "%s",
                     others[i]);
        cr_expect_eq(judge(others[i], "http://b", &o), ORIGIN_FOREIGN);
        cr_expect_eq(judge(others[i], NULL, &o), ORIGIN_OWN, "no page");
    }
}

/* A page cannot allow itself by what it sends. */
Test(origin, star_is_no_origin)
{
    const struct options none = {NAMES};

    cr_expect_eq(judge("a", "*", &none), ORIGIN_FOREIGN);
    cr_expect(!origin_any(&none));
}
