/*
 * broker: what the threads of the kind of journal `redis` share.
 */
#ifndef CRIER_BROKER_H
#define CRIER_BROKER_H

#include "journal/health.h"
#include "journal/redis/tide.h"
#include "journal/redis/url.h"
#include "store/store.h"

/* The parts of its health. */
enum { BROKER_SENDS = 1, BROKER_FOLLOWS = 2 };

struct broker {
    struct journal_options options;
    struct url url;
    struct store *store;
    struct health health;
    struct tide tide;
    int stop;           /* an eventfd: can be read once the journal ends */
    atomic_bool ending; /* the same */
    atomic_bool redial; /* the broker takes no writes: perhaps another does */
};

#endif
