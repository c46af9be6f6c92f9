/* forwarded: addresses, and whose request it is. */
#include "unit.h"

#include "server/forwarded.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

Test(forwarded, addresses)
{
    static const struct {
        const char *text, *address; /* NULL: it is none */
    } cases[] = {
        {"192.0.2.1", "::ffff:192.0.2.1"},
        {" 192.0.2.1:8080 ", "::ffff:192.0.2.1"},
        {"2001:db8::1", "2001:db8::1"},
        {"[2001:db8::1]", "2001:db8::1"},
        {"[2001:db8::1]:443", "2001:db8::1"},
        {"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
        {"", NULL},
        {"unknown", NULL},
        {"_hidden", NULL},
        {"192.0.2", NULL},
        {"192.0.2.1.5", NULL},
        {"1234567890123456789012345678901234567890123456789", NULL},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct in6_addr address;
        char text[INET6_ADDRSTRLEN] = "";
        bool valid = forwarded_parse(slice_of(cases[i].text), &address);

        cr_expect_eq(valid, cases[i].address != NULL, "%s", cases[i].text);
        if (!valid || !cases[i].address)
            continue;
        inet_ntop(AF_INET6, &address, text, sizeof text);
        cr_expect_str_eq(text, cases[i].address);
    }
}

/* The proxies 10.0.0.1 and 10.0.0.2 are trusted. */
Test(forwarded, only_what_a_trusted_proxy_has_written_counts)
{
    static const struct {
        const char *peer, *fields, *client;
    } cases[] = {
        {"192.0.2.9", "", "192.0.2.9"},
        {"192.0.2.9", "X-Forwarded-For: 192.0.2.1\r\n", "192.0.2.9"},
        {"10.0.0.1", "", "10.0.0.1"},
        {"10.0.0.1", "X-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1"},
        {"10.0.0.1", "x-forwarded-for: 6.6.6.6, 192.0.2.1\r\n", "192.0.2.1"},
        {"10.0.0.1", "X-Forwarded-For: 192.0.2.1, 10.0.0.2\r\n", "192.0.2.1"},
        {"10.0.0.1",
         "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 10.0.0.2\r\n",
         "192.0.2.1"},
        {"10.0.0.1", "X-Forwarded-For: a lie, 192.0.2.1\r\n", "192.0.2.1"},
        {"10.0.0.1", "X-Forwarded-For: unknown\r\n", "::"},
        {"10.0.0.1", "X-Forwarded-For: unknown, 10.0.0.2\r\n", "::"},
        {"192.0.2.9", "X-Forwarded-For: unknown\r\n", "192.0.2.9"},
        {"10.0.0.1", "X-Forwarded-For: \r\n", "10.0.0.1"},
        {"10.0.0.1", "X-Forwarded-For: ,,\r\n", "::"},
        {"10.0.0.1", "X-Forwarded-For: 10.0.0.1, 10.0.0.2\r\n", "10.0.0.1"},
    };
    struct settings_addresses trusted = {.count = 2};

    forwarded_parse(slice_of("10.0.0.1"), &trusted.items[0]);
    forwarded_parse(slice_of("10.0.0.2"), &trusted.items[1]);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char head[512];
        struct request r;
        struct in6_addr peer, client, wanted;

        snprintf(head, sizeof head, "POST / HTTP/1.1\r\nHost: x\r\n%s\r\n",
                 cases[i].fields);
        cr_assert_eq(parse_at_once(head, strlen(head), &r), 200);
        forwarded_parse(slice_of(cases[i].peer), &peer);
        forwarded_parse(slice_of(cases[i].client), &wanted);
        client = forwarded_client(&r, peer, &trusted);
        cr_expect(IN6_ARE_ADDR_EQUAL(&client, &wanted), "%s from %s",
                  cases[i].fields, cases[i].peer);
    }
}
