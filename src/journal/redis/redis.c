/*
 * redis: the kind of journal that is a stream of a broker, which several
 * machines share. See kind.h.
 *
 *     sender     the group's thread sends messages to the broker
 *     follower   another thread hears what comes back, from all machines
 *     lines      subscribers' threads ask for older ones
 */
#include "base/clock.h"
#include "journal/group.h"
#include "journal/kind.h"
#include "journal/redis/follower.h"
#include "journal/redis/lines.h"
#include "journal/redis/recall.h"
#include "journal/redis/sender.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct redis {
    struct broker broker;
    struct sender *sender;
    struct lines *lines;
    struct group *group;
    struct follower *follower;
};

static enum journal_fate keep(void *self, struct letter *const *letters,
                              size_t n)
{
    struct redis *r = self;

    return sender_keep(r->sender, letters, n);
}

static int64_t rest(void *self)
{
    struct redis *r = self;

    return sender_rest(r->sender);
}

static const struct group_work work = {keep, rest};

static enum journal_fate redis_publish(void *self, struct message *m,
                                       const char *key, struct message **known)
{
    struct redis *r = self;

    return group_publish(r->group, m, key, known);
}

static enum journal_page redis_older(void *self, struct store_batch *batch,
                                     size_t max, struct store_batch *page)
{
    struct redis *r = self;

    return lines_page(r->lines, batch, max, page);
}

static void redis_reach(void *self, struct event_id id)
{
    struct redis *r = self;

    if (event_id_compare(tide_at(&r->broker.tide), id) < 0)
        tide_wait(&r->broker.tide, id, clock_deadline(LIMIT_BROKER_MS));
}

static void redis_stats(void *self, struct journal_stats *stats)
{
    struct redis *r = self;

    group_stats(r->group, stats);
    stats->down |= health_is_down(&r->broker.health);
    stats->follows = true;
    stats->heard = follower_since(r->follower);
}

/* Whoever waits for the broker stops. */
static void stop_waiting(struct broker *b)
{
    atomic_store(&b->ending, true);
    if (b->stop >= 0)
        eventfd_write(b->stop, 1);
}

static void redis_close(void *self)
{
    struct redis *r = self;

    group_close(r->group);
    lines_close(r->lines);
    tide_close(&r->broker.tide);
    stop_waiting(&r->broker);
}

/* Frees what there is of it. */
static void *end(struct redis *r)
{
    stop_waiting(&r->broker);
    if (r->group)
        group_free(r->group);
    if (r->follower)
        follower_free(r->follower);
    if (r->lines)
        lines_free(r->lines);
    if (r->sender)
        sender_close(r->sender);
    tide_destroy(&r->broker.tide);
    if (r->broker.stop >= 0)
        close(r->broker.stop);
    free(r);
    return NULL;
}

static void redis_free(void *self)
{
    end(self);
}

/* What the kind is made of, once the broker answers. */
static bool start_threads(struct redis *r, char error[JOURNAL_ERROR_SIZE])
{
    r->follower = follower_new(&r->broker);
    r->group = r->follower ? group_new(&work, r) : NULL;
    if (r->group)
        return true;
    snprintf(error, JOURNAL_ERROR_SIZE, "cannot start a thread: %s",
             strerror(errno));
    return false;
}

static bool recall(struct redis *r, char error[JOURNAL_ERROR_SIZE])
{
    struct broker *b = &r->broker;
    struct wire *w = sender_wire(r->sender);
    struct event_id last;

    if (!recall_messages(b, w, &last)) {
        snprintf(error, JOURNAL_ERROR_SIZE, "--redis: %.120s: %.100s",
                 b->url.shown, w->error);
        return false;
    }
    tide_rise(&b->tide, last);
    return true;
}

static bool redis_check(const char *name, char error[JOURNAL_ERROR_SIZE])
{
    struct url url;

    return url_parse(name, &url, error);
}

static void *redis_open(const struct journal_options *o, struct store *store,
                        char error[JOURNAL_ERROR_SIZE])
{
    struct redis *r = calloc(1, sizeof *r);
    struct broker *b;

    if (!r)
        return NULL;
    b = &r->broker;
    b->options = *o;
    b->store = store;
    b->health.name = b->url.shown;
    tide_init(&b->tide, (struct event_id){0, 0});
    b->stop = eventfd(0, EFD_CLOEXEC);
    r->lines = lines_new(b);
    if (b->stop < 0 || !r->lines || !url_parse(o->name, &b->url, error))
        return end(r);
    r->sender = sender_open(b, error);
    if (!r->sender || !recall(r, error) || !start_threads(r, error))
        return end(r);
    return r;
}

const struct journal_kind journal_redis = {
    JOURNAL_BROKER, redis_check, redis_open,  redis_publish, redis_older,
    redis_reach,    redis_stats, redis_close, redis_free,
};
