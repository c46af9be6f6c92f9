/* packing: commands, as the broker reads them. */
#include "journal/redis/packing.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

Test(packing, commands_stand_behind_each_other)
{
    const struct slice auth[] = {slice_of("AUTH"), slice_of("a\r\nb")},
                       empty[] = {slice_of("SET"), {NULL, 0}};
    static const char expected[] = "*2\r\n$4\r\nAUTH\r\n$4\r\na\r\nb\r\n"
                                   "*2\r\n$3\r\nSET\r\n$0\r\n\r\n";
    struct packing p = {NULL, 0, 0};

    cr_assert(packing_add(&p, 2, auth));
    cr_assert(packing_add(&p, 2, empty));
    cr_expect_eq(p.len, strlen(expected));
    cr_expect_eq(memcmp(p.bytes, expected, p.len), 0);
    packing_free(&p);
    cr_expect_eq(p.len, 0);
}

Test(packing, it_grows_with_its_words)
{
    char *large = calloc(1, 100000);
    struct packing p = {NULL, 0, 0};

    for (int i = 0; i < 10; i++)
        cr_assert(packing_add(&p, 1, &(struct slice){large, 100000}));
    cr_expect_eq(p.len, 10 * strlen("*1\r\n$100000\r\n\r\n") + 1000000);
    cr_expect_leq(p.len, p.size);
    packing_free(&p);
    free(large);
}
