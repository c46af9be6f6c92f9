/* ballot: one question, one vote for each voter. */
#include "pages/ballot.h"

#include "unit.h"

#include <string.h>

TestSuite(ballot, .timeout = TEST_SECONDS);

static enum ballot_verdict vote(struct ballot *b, const char *question,
                                unsigned voter, unsigned choice)
{
    uint8_t id[BALLOT_VOTER] = {0};

    memcpy(id, &voter, sizeof voter);
    return ballot_vote(b, slice_of(question), id, choice);
}

Test(ballot, one_vote_each_that_may_change)
{
    struct ballot *b = ballot_new();
    struct ballot_state state = ballot_read(b);

    cr_expect_str_eq(state.question, "");
    cr_expect_eq(vote(b, "", 1, 1), BALLOT_OTHER);
    cr_expect(!ballot_show(b, BALLOT_VOTES), "nothing is asked");
    cr_assert(ballot_ask(b, slice_of("4-1"), 3));
    cr_expect_eq(vote(b, "4-2", 1, 1), BALLOT_OTHER);
    cr_expect_eq(vote(b, "4-1", 1, 1), BALLOT_COUNTED);
    cr_expect_eq(vote(b, "4-1", 2, 3), BALLOT_COUNTED);
    cr_expect_eq(vote(b, "4-1", 1, 3), BALLOT_COUNTED);
    cr_expect_eq(vote(b, "4-1", 3, 4), BALLOT_WRONG);
    cr_expect_eq(vote(b, "4-1", 3, 0), BALLOT_WRONG);
    cr_expect(ballot_show(b, BALLOT_VOTES));
    cr_expect_eq(vote(b, "4-1", 3, 2), BALLOT_COUNTED);
    cr_expect(ballot_show(b, BALLOT_ANSWER));
    cr_expect_eq(vote(b, "4-1", 3, 3), BALLOT_LATE);
    state = ballot_read(b);
    cr_expect_eq(state.voters, 3u);
    cr_expect_eq(state.votes[0], 0u);
    cr_expect_eq(state.votes[1], 1u);
    cr_expect_eq(state.votes[2], 2u);
    ballot_free(b);
}

Test(ballot, who_asks_again_throws_the_votes_away)
{
    struct ballot *b = ballot_new();
    struct ballot_state first, again, none;

    cr_assert(ballot_ask(b, slice_of("4-1"), 2));
    vote(b, "4-1", 1, 2);
    ballot_show(b, BALLOT_ANSWER);
    first = ballot_read(b);
    cr_assert(ballot_ask(b, slice_of("4-1"), 2));
    again = ballot_read(b);
    cr_expect_gt(again.asked, first.asked);
    cr_expect_gt(again.changes, first.changes);
    cr_expect_eq(again.voters, 0u);
    cr_expect_eq(again.votes[1], 0u);
    cr_expect_eq(again.shown, BALLOT_NOTHING);
    cr_expect_eq(vote(b, "4-1", 1, 1), BALLOT_COUNTED);
    ballot_end(b);
    none = ballot_read(b);
    cr_expect_str_eq(none.question, "");
    cr_expect_eq(vote(b, "4-1", 1, 1), BALLOT_OTHER);
    ballot_free(b);
}

Test(ballot, names_and_choices_are_limited)
{
    static const char *const bad[] = {
        "", "A", "4_1", "4\"1", "4\n1", "a-question-of-thirty-three-bytes-"};
    struct ballot *b = ballot_new();

    for (size_t i = 0; i < COUNT(bad); i++)
        cr_expect(!ballot_ask(b, slice_of(bad[i]), 2), "%s", bad[i]);
    cr_expect(ballot_ask(b, slice_of("a-question-of-thirty-two-bytes-x"), 2));
    cr_expect(!ballot_ask(b, slice_of("a"), 1));
    cr_expect(!ballot_ask(b, slice_of("a"), LIMIT_CHOICES + 1));
    cr_expect(ballot_ask(b, slice_of("a"), LIMIT_CHOICES));
    ballot_free(b);
}

Test(ballot, there_is_room_for_so_many_voters)
{
    struct ballot *b = ballot_new();
    struct ballot_state state;

    ballot_ask(b, slice_of("a"), 2);
    for (unsigned i = 0; i < LIMIT_VOTERS; i++)
        cr_assert_eq(vote(b, "a", i, 1), BALLOT_COUNTED);
    cr_expect_eq(vote(b, "a", LIMIT_VOTERS, 1), BALLOT_FULL);
    cr_expect_eq(vote(b, "a", 0, 2), BALLOT_COUNTED, "it has a vote");
    state = ballot_read(b);
    cr_expect_eq(state.voters, (unsigned)LIMIT_VOTERS);
    cr_expect_eq(state.votes[0], (unsigned)LIMIT_VOTERS - 1);
    cr_expect_eq(state.votes[1], 1u);
    for (unsigned i = 0; i < LIMIT_VOTERS; i++)
        cr_assert(ballot_enter(b));
    cr_expect(!ballot_enter(b));
    ballot_leave(b);
    cr_expect(ballot_enter(b));
    ballot_free(b);
}
