/* list: order, whatever is pushed, taken off and moved. */
#include "unit.h"

#include "base/list.h"

struct element {
    char name;
    struct list link;
};

static struct element elements[] = {
    {'a', {0}}, {'b', {0}}, {'c', {0}}, {'d', {0}}};

static void fill(struct list *l, const char *names)
{
    list_init(l);
    for (; *names; names++)
        list_push_back(l, &elements[*names - 'a'].link);
}

/* Walks both ways. */
static void expect_names(const struct list *l, const char *names)
{
    const struct list *at = l->next;

    for (const char *n = names; *n; n++, at = at->next) {
        cr_assert(at != l, "%s ends before %c", names, *n);
        cr_expect(LIST_ENTRY(at, struct element, link)->name == *n, "%s: no %c",
                  names, *n);
        cr_expect(at->next->prev == at && at->prev->next == at);
    }
    cr_expect(at == l, "%s goes on", names);
    cr_expect(l->next->prev == l && l->prev->next == l);
    cr_expect_eq(list_empty(l), !*names);
}

Test(list, pushes_to_the_end)
{
    struct list l;

    fill(&l, "");
    expect_names(&l, "");
    fill(&l, "abcd");
    expect_names(&l, "abcd");
}

Test(list, takes_off_anywhere_and_twice)
{
    static const struct {
        char taken;
        const char *left;
    } cases[] = {{'a', "bc"}, {'b', "ac"}, {'c', "ab"}};

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct list l;

        fill(&l, "abc");
        list_remove(&elements[cases[i].taken - 'a'].link);
        list_remove(&elements[cases[i].taken - 'a'].link);
        expect_names(&l, cases[i].left);
        cr_expect(list_empty(&elements[cases[i].taken - 'a'].link));
    }
}

Test(list, pops_in_order)
{
    struct list l;

    fill(&l, "abc");
    for (char name = 'a'; name <= 'c'; name++) {
        struct list *first = list_pop_front(&l);

        cr_expect_eq(LIST_ENTRY(first, struct element, link)->name, name);
        cr_expect(list_empty(first));
    }
    expect_names(&l, "");
}

Test(list, moves_all_to_the_end)
{
    static const struct {
        const char *to, *from, *all;
    } cases[] = {{"ab", "cd", "abcd"}, {"", "abc", "abc"},
                 {"abc", "", "abc"},   {"a", "b", "ab"},
                 {"", "", ""},         {"abc", "d", "abcd"}};

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct list to, from;

        fill(&to, cases[i].to);
        fill(&from, cases[i].from);
        list_move_all(&to, &from);
        expect_names(&to, cases[i].all);
        expect_names(&from, "");
    }
}
