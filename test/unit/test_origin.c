/* origin: which pages may read and post (Fetch standard, CORS protocol). */
#include "unit.h"

#include "server/origin.h"

#include <string.h>

static enum origin judge(const char *authority, const char *origin,
                         const struct settings *o)
{
    struct request r = {.authority = slice_of(authority)};

    if (origin)
        r.fields[r.field_count++] =
            (struct field){slice_of("Origin"), slice_of(origin)};
    return origin_judge(&r, o);
}

static const struct settings named_a = {
    .host = "127.0.0.1",
    .server_name = {.items = {{BYTES("a")}, {BYTES("null")}}, .count = 2},
};

static const struct {
    const char *authority, *origin;
    enum origin judgement;
} pages[] = {
    {"localhost:3000", NULL, ORIGIN_OWN}, /* curl, or an old browser's page */
    {"evil.example", NULL, ORIGIN_OWN},
    {NULL, NULL, ORIGIN_OWN},
    {"localhost:3000", "http://localhost:3000", ORIGIN_OWN},
    {"LocalHost:3000", "HTTP://localhost:3000", ORIGIN_OWN},
    {"127.0.0.1:3000", "http://127.0.0.1:3000", ORIGIN_OWN},
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
    {"localhost", "http:", ORIGIN_FOREIGN},
    {"localhost", "http:/", ORIGIN_FOREIGN},
    {"localhost", "http:/xlocalhost", ORIGIN_FOREIGN},
    {"localhost", "http://", ORIGIN_FOREIGN},
    {"localhost:3000", "localhost:3000", ORIGIN_FOREIGN},
    {"", "http://", ORIGIN_FOREIGN},
    {"", "http://:80", ORIGIN_FOREIGN},
    {NULL, "http://a", ORIGIN_FOREIGN},
    {"null", "null", ORIGIN_FOREIGN},
    /* Origin and Host agree where a stranger's name was made to point here
     * (DNS rebinding): it must be a name of ours. */
    {"evil.example", "http://evil.example", ORIGIN_FOREIGN},
    {"localhost.evil.example", "http://localhost.evil.example", ORIGIN_FOREIGN},
    {"127.0.0.1.evil.example", "http://127.0.0.1.evil.example", ORIGIN_FOREIGN},
    {"1e.example", "http://1e.example", ORIGIN_FOREIGN},
    {"ab", "http://ab", ORIGIN_FOREIGN},
    {"A:3000", "http://a:3000", ORIGIN_OWN},
    {"a.:3000", "http://a.:3000", ORIGIN_OWN},
    {"localhost.", "http://localhost.", ORIGIN_OWN},
    {"x.LocalHost:3000", "http://x.localhost:3000", ORIGIN_OWN},
    {"x.y.localhost.", "http://x.y.localhost.", ORIGIN_OWN},
    {"127.0.0.1.:3000", "http://127.0.0.1.:3000", ORIGIN_OWN},
    {"xlocalhost", "http://xlocalhost", ORIGIN_FOREIGN},
    {".localhost", "http://.localhost", ORIGIN_FOREIGN},
    {"localhost..", "http://localhost..", ORIGIN_FOREIGN},
    {"localhost.evil.example.", "http://localhost.evil.example.",
     ORIGIN_FOREIGN},
};

Test(origin, own_and_foreign_pages)
{
    for (size_t i = 0; i < COUNT(pages); i++) {
        enum origin got = judge(pages[i].authority, pages[i].origin, &named_a);

        cr_expect(got == pages[i].judgement, "%s at %s: %d", pages[i].origin,
                  pages[i].authority, got);
    }
}

/* --host is a name of ours too. */
Test(origin, name_that_it_listens_on)
{
    const struct settings o = {.host = "chat.example"};

    cr_expect_eq(judge("chat.example:1", "http://chat.example:1", &o),
                 ORIGIN_OWN);
    cr_expect_eq(judge("chat.example.", "http://chat.example.", &o),
                 ORIGIN_OWN);
    cr_expect_eq(judge("chat.example..", "http://chat.example..", &o),
                 ORIGIN_FOREIGN);
    cr_expect_eq(judge("a", "http://a", &o), ORIGIN_FOREIGN);
}

Test(origin, allowed_pages)
{
    struct settings two = named_a;

    two.allow_origin = (struct settings_list){
        .items = {{BYTES("http://b:8080")}, {BYTES("https://c")}}, .count = 2};
    cr_expect_eq(judge("a", "http://b:8080", &two), ORIGIN_NAMED);
    cr_expect_eq(judge("a", "HTTP://B:8080", &two), ORIGIN_NAMED);
    cr_expect_eq(judge("a", "https://c", &two), ORIGIN_NAMED);
    cr_expect_eq(judge("a", "http://c", &two), ORIGIN_FOREIGN);
    cr_expect_eq(judge("a", "http://b:80801", &two), ORIGIN_FOREIGN);
    cr_expect_eq(judge("a", "http://b", &two), ORIGIN_FOREIGN);
    cr_expect_eq(judge("a", "", &two), ORIGIN_FOREIGN);
    cr_expect_eq(judge("a", "http://a", &two), ORIGIN_OWN);
    cr_expect_eq(judge("evil.example", "http://evil.example", &two),
                 ORIGIN_FOREIGN);
    cr_expect_not(origin_any(&two));
}

Test(origin, any_page)
{
    const struct settings any = {
        .host = "127.0.0.1",
        .allow_origin = {.items = {{BYTES("http://b")}, {BYTES("*")}},
                         .count = 2},
    };

    cr_expect_eq(judge("a", "http://evil.example", &any), ORIGIN_ANY);
    cr_expect_eq(judge("localhost", "null", &any), ORIGIN_ANY);
    cr_expect_neq(judge("localhost", "http://localhost", &any), ORIGIN_FOREIGN);
    cr_expect_eq(judge("localhost", "http://b", &any), ORIGIN_NAMED);
    cr_expect_eq(judge("localhost", "*", &any), ORIGIN_ANY);
    cr_expect(origin_any(&any));
}

/* A page cannot allow itself by what it sends. */
Test(origin, star_is_no_origin)
{
    cr_expect_eq(judge("a", "*", &named_a), ORIGIN_FOREIGN);
    cr_expect_not(origin_any(&named_a));
}

/* What a page is that asks where it came from, as its browser says. */
static const struct {
    const char *authority, *origin, *site;
    enum origin judgement;
} proxied[] = {
    {"localhost:3000", "http://localhost:5173", "same-origin", ORIGIN_OWN},
    {"127.0.0.1:3000", "http://localhost:5173", "same-origin", ORIGIN_OWN},
    {"localhost:3000", "https://a", "same-origin", ORIGIN_OWN},
    {"localhost:3000", "http://localhost:5173", "same-site", ORIGIN_FOREIGN},
    {"localhost:3000", "http://localhost:5173", "cross-site", ORIGIN_FOREIGN},
    {"localhost:3000", "http://localhost:5173", "none", ORIGIN_FOREIGN},
    {"localhost:3000", "http://localhost:5173", "", ORIGIN_FOREIGN},
    /* Strangers' names that point to the proxy, or to us. */
    {"localhost:3000", "http://evil.example:5173", "same-origin",
     ORIGIN_FOREIGN},
    {"localhost:3000", "http://localhost@evil.example", "same-origin",
     ORIGIN_FOREIGN},
    {"evil.example", "http://evil.example", "same-origin", ORIGIN_FOREIGN},
    {"evil.example", "http://localhost:5173", "same-origin", ORIGIN_FOREIGN},
    {"localhost:3000", "null", "same-origin", ORIGIN_FOREIGN},
    {"localhost:3000", "ftp://localhost", "same-origin", ORIGIN_FOREIGN},
};

Test(origin, pages_that_came_through_a_proxy)
{
    for (size_t i = 0; i < COUNT(proxied); i++) {
        struct request r = {
            .authority = slice_of(proxied[i].authority),
            .fields = {{slice_of("Origin"), slice_of(proxied[i].origin)},
                       {slice_of("Sec-Fetch-Site"), slice_of(proxied[i].site)}},
            .field_count = 2,
        };

        cr_expect(origin_judge(&r, &named_a) == proxied[i].judgement,
                  "%s at %s, %s", proxied[i].origin, proxied[i].authority,
                  proxied[i].site);
    }
}

static bool is_rebound(const char *authority, const struct field *fields,
                       size_t count, const struct settings *o)
{
    struct request r = {.authority = slice_of(authority), .field_count = count};

    memcpy(r.fields, fields, count * sizeof *fields);
    return origin_is_rebound(&r, o);
}

#define FIELD(name, value)                                                     \
    {                                                                          \
        {BYTES(name)},                                                         \
        {                                                                      \
            BYTES(value)                                                       \
        }                                                                      \
    }

static const struct {
    const char *what;
    bool browser;
    struct field fields[3];
} senders[] = {
    {"curl", false, {FIELD("User-Agent", "curl/7.88.1"), FIELD("Accept", "*")}},
    {"none", false, {FIELD("Accept", "text/event-stream")}},
    {"Node's fetch",
     false,
     {FIELD("accept-language", "*"), FIELD("sec-fetch-mode", "cors"),
      FIELD("user-agent", "node")}},
    {"no Mozilla", false, {FIELD("User-Agent", "Mozilla")}},
    {"Sec-Fetch-Site", true, {FIELD("sec-fetch-site", "same-origin")}},
    {"typed in", true, {FIELD("Sec-Fetch-Site", "none")}},
    {"Origin", true, {FIELD("Origin", "http://evil.example")}},
    {"empty Origin", true, {FIELD("Origin", "")}},
    {"Referer", true, {FIELD("Referer", "http://evil.example/")}},
    /* With no-referrer, and to a name that is not localhost. */
    {"EventSource", true, {FIELD("User-Agent", "Mozilla/5.0 (X11)")}},
    {"its own name",
     true,
     {FIELD("User-Agent", "x"), FIELD("Accept-Language", "")}},
};

Test(origin, browsers_must_use_a_name_of_ours)
{
    for (size_t i = 0; i < COUNT(senders); i++) {
        const struct field *f = senders[i].fields;
        size_t n = 0;

        while (n < COUNT(senders[i].fields) && f[n].name.at)
            n++;
        cr_expect_eq(is_rebound("evil.example:3000", f, n, &named_a),
                     senders[i].browser, "%s", senders[i].what);
        cr_expect_eq(is_rebound(NULL, f, n, &named_a), senders[i].browser,
                     "%s without Host", senders[i].what);
        cr_expect_not(is_rebound("localhost:3000", f, n, &named_a));
        cr_expect_not(is_rebound("a.", f, n, &named_a));
        cr_expect_not(is_rebound("[::1]:3000", f, n, &named_a));
    }
}

/* A page that --allow-origin lets in may use any name. */
Test(origin, pages_that_are_let_in_may_use_any_name)
{
    const struct field b[] = {FIELD("Origin", "http://b")};
    const struct field c[] = {FIELD("Origin", "http://c")};
    const struct settings named = {
        .host = "127.0.0.1",
        .allow_origin = {.items = {{BYTES("http://b")}}, .count = 1}};
    const struct settings any = {
        .host = "127.0.0.1",
        .allow_origin = {.items = {{BYTES("*")}}, .count = 1}};

    cr_expect_not(is_rebound("evil.example", b, 1, &named));
    cr_expect(is_rebound("evil.example", c, 1, &named));
    cr_expect_not(is_rebound("evil.example", c, 1, &any));
}
