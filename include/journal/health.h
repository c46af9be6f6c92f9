/*
 * health: whether a journal works. It logs one line when it falls, and one when
 * it rises again.
 *
 * A journal may have parts that fail and work by themselves, each with a bit of
 * its own. It is down as long as one of them is.
 *
 * Threads: any thread may call health_is_down, health_part_fell and
 * health_part_rose; the others are the group's thread's.
 */
#ifndef CRIER_HEALTH_H
#define CRIER_HEALTH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct health {
    const char *name; /* of the file or the broker, set once */
    atomic_uint down; /* the parts that are */
    int64_t due;      /* when to try again */
};

/* Something has failed: the next try is due in LIMIT_JOURNAL_TRY_MS. `reason`
 * is an errno, or 0. */
void health_fell(struct health *h, const char *why, int reason);

/* Something has worked. It rises if the next try was due: a disk on which every
 * other write fails is down all the time, and does not fill the log. */
void health_rose(struct health *h);

/* The same for another part, whose bit is not the lowest: that one is the
 * thread's above. These wait for no next try. */
void health_part_fell(struct health *h, unsigned part, const char *why);
void health_part_rose(struct health *h, unsigned part);

bool health_is_down(struct health *h);

/* True if it is down, and it is time for the next try. */
bool health_is_due(struct health *h, int64_t now);

#endif
