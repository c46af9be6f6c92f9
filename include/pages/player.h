/*
 * player: plays a script to one client: reads a step, sleeps, writes.
 *
 * Threads: a player belongs to its client's thread.
 */
#ifndef CRIER_PLAYER_H
#define CRIER_PLAYER_H

#include "pages/script.h"
#include "server/exchange.h"

struct player {
    struct script script; /* where it begins, and then is */
    double speed;         /* waits are divided by it */
    int64_t words_ms;     /* between two words; 0: events stay whole */

    /* The rest is the player's. */
    struct context *context;
    struct client *client;
    struct stream *stream;
    struct budget *budget; /* that pays for the text */
    bool half_closed;      /* the client has finished sending */
    int64_t round;         /* when the loop began its round */
    uint64_t sent;         /* events */
    size_t size;
    char text[];
};

/* Makes a player with room for a text of `size` bytes, for which the budget
 * pays. The caller fills the text, and begins the script. NULL if memory or the
 * budget has no room. */
struct player *player_new(size_t size, struct budget *budget);

void player_free(struct player *p);

/* Plays (struct afterwards: data is the player), then frees the player. */
void player_run(struct context *context, struct client *client,
                struct stream *stream, const struct afterwards *self);

#endif
