/* ballot: see ballot.h. */
#include "pages/ballot.h"

#include "base/clock.h"
#include "base/lock.h"

#include <stdlib.h>
#include <string.h>

struct vote {
    uint8_t voter[BALLOT_VOTER];
    uint8_t choice; /* from 0 on */
};

struct ballot {
    pthread_mutex_t mutex;

    /* Guarded by the mutex. */
    struct ballot_state state;
    unsigned waiting; /* who wait for changes */
    struct vote votes[LIMIT_VOTERS];
};

struct ballot *ballot_new(void)
{
    struct ballot *b = calloc(1, sizeof *b);

    if (b)
        lock_mutex_init(&b->mutex);
    return b;
}

void ballot_free(struct ballot *b)
{
    if (b)
        pthread_mutex_destroy(&b->mutex);
    free(b);
}

static bool is_name(struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        const char c = name.at[i];

        if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-')
            return false;
    }
    return name.len > 0 && name.len <= LIMIT_QUESTION;
}

/* Two questions of the same millisecond have two numbers, too. */
static int64_t later_than(int64_t before)
{
    const int64_t now = clock_realtime_ms();

    return now > before ? now : before + 1;
}

bool ballot_ask(struct ballot *b, struct slice question, unsigned choices)
{
    struct ballot_state next = {.choices = choices};

    if (!is_name(question) || choices < 2 || choices > LIMIT_CHOICES)
        return false;
    memcpy(next.question, question.at, question.len);
    pthread_mutex_lock(&b->mutex);
    next.asked = later_than(b->state.asked);
    next.changes = b->state.changes + 1;
    b->state = next;
    pthread_mutex_unlock(&b->mutex);
    return true;
}

bool ballot_show(struct ballot *b, enum ballot_shown shown)
{
    bool asked;

    pthread_mutex_lock(&b->mutex);
    asked = b->state.question[0] != '\0';
    if (asked) {
        b->state.shown = shown;
        b->state.changes++;
    }
    pthread_mutex_unlock(&b->mutex);
    return asked;
}

void ballot_end(struct ballot *b)
{
    struct ballot_state none = {0};

    pthread_mutex_lock(&b->mutex);
    none.asked = b->state.asked;
    none.changes = b->state.changes + 1;
    b->state = none;
    pthread_mutex_unlock(&b->mutex);
}

/* The voter's vote, or a new one for a choice that nobody has counted. NULL if
 * there is no room for it. */
static struct vote *find_vote(struct ballot *b,
                              const uint8_t voter[BALLOT_VOTER])
{
    struct vote *new = &b->votes[b->state.voters];

    lock_assert_held(&b->mutex);
    for (struct vote *v = b->votes; v < new; v++)
        if (memcmp(v->voter, voter, BALLOT_VOTER) == 0) {
            b->state.votes[v->choice]--;
            return v;
        }
    if (b->state.voters == LIMIT_VOTERS)
        return NULL;
    memcpy(new->voter, voter, BALLOT_VOTER);
    b->state.voters++;
    return new;
}

static enum ballot_verdict count(struct ballot *b, struct slice question,
                                 const uint8_t voter[BALLOT_VOTER],
                                 unsigned choice)
{
    struct vote *vote;

    lock_assert_held(&b->mutex);
    if (question.len == 0 || !slice_is(question, b->state.question))
        return BALLOT_OTHER;
    if (b->state.shown == BALLOT_ANSWER)
        return BALLOT_LATE;
    if (choice < 1 || choice > b->state.choices)
        return BALLOT_WRONG;
    vote = find_vote(b, voter);
    if (!vote)
        return BALLOT_FULL;
    vote->choice = (uint8_t)(choice - 1);
    b->state.votes[vote->choice]++;
    b->state.changes++;
    return BALLOT_COUNTED;
}

enum ballot_verdict ballot_vote(struct ballot *b, struct slice question,
                                const uint8_t voter[BALLOT_VOTER],
                                unsigned choice)
{
    enum ballot_verdict verdict;

    pthread_mutex_lock(&b->mutex);
    verdict = count(b, question, voter, choice);
    pthread_mutex_unlock(&b->mutex);
    return verdict;
}

struct ballot_state ballot_read(struct ballot *b)
{
    struct ballot_state state;

    pthread_mutex_lock(&b->mutex);
    state = b->state;
    pthread_mutex_unlock(&b->mutex);
    return state;
}

bool ballot_enter(struct ballot *b)
{
    bool room;

    pthread_mutex_lock(&b->mutex);
    room = b->waiting < LIMIT_VOTERS;
    if (room)
        b->waiting++;
    pthread_mutex_unlock(&b->mutex);
    return room;
}

void ballot_leave(struct ballot *b)
{
    pthread_mutex_lock(&b->mutex);
    b->waiting--;
    pthread_mutex_unlock(&b->mutex);
}
