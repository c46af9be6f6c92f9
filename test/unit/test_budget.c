/* budget: what is taken, what is refused, what is free. */
#include "unit.h"

#include "base/budget.h"
#include "base/limit.h"

#include <stdint.h>

TestSuite(budget, .timeout = TEST_SECONDS);

Test(budget, is_taken_up_to_the_limit)
{
    struct budget b;

    budget_init(&b, 100);
    cr_expect(budget_take(&b, 60));
    cr_expect(budget_take(&b, 40));
    cr_expect_not(budget_take(&b, 1));
    cr_expect_not(budget_exceeded(&b));
    budget_give(&b, 40);
    cr_expect_not(budget_take(&b, 41));
    cr_expect(budget_take(&b, 40));
}

Test(budget, can_be_exceeded_by_force)
{
    struct budget b;

    budget_init(&b, 100);
    budget_force(&b, 101);
    cr_expect(budget_exceeded(&b));
    cr_expect_not(budget_take(&b, 1));
    budget_give(&b, 1);
    cr_expect_not(budget_exceeded(&b));
}

Test(budget, nothing_is_taken_also_when_it_is_exceeded)
{
    struct budget b;

    budget_init(&b, 100);
    budget_force(&b, 200);
    cr_expect(budget_take(&b, 0));
}

Test(budget, may_be_missing)
{
    cr_expect(budget_take(NULL, SIZE_MAX));
    cr_expect_not(budget_exceeded(NULL));
}

/* What a growing body takes step by step is what it gives back at once. */
Test(budget, the_first_bytes_are_free)
{
    cr_expect_eq(budget_part(0), 0);
    cr_expect_eq(budget_part(LIMIT_FREE), 0);
    cr_expect_eq(budget_part(LIMIT_FREE + 1), 1);
    cr_expect_eq(budget_part(SIZE_MAX), SIZE_MAX - LIMIT_FREE);
}
