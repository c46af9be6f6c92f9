/*
 * What the tests of the store say again and again. Messages are told apart by
 * numbers, see make_message.
 */
#ifndef CRIER_TEST_STORE_CHECK_H
#define CRIER_TEST_STORE_CHECK_H

#include "store/inspect.h"
#include "store/subscribers.h"

/* Publishes message `number`, and returns its id. */
struct event_id publish(struct store *s, int number);

/* The same in the channel with this name. */
struct event_id publish_in(struct store *s, const char *channel, int number);

/* Publishes `from` to `to`; ids[number] becomes each one's id. */
void publish_all(struct store *s, int from, int to, struct event_id *ids);

/* A subscriber from now on, or after the id; aborts the test if it is none. */
struct subscriber *subscribe_live(struct store *s);
struct subscriber *subscribe_after(struct store *s, struct event_id after);

/* The same in the channel with this name; `after` NULL: from now on. */
struct subscriber *subscribe_in(struct store *s, const char *channel,
                                const struct event_id *after);

/* The batch holds exactly these messages, which are given back. */
void expect_batch(struct store_batch *batch, int from, int to);

/* The subscriber gets exactly these messages at once, and no gap. */
void expect_messages(struct store *s, struct subscriber *sub, int from, int to);

/* It gets a gap with these ids, and in the same batch exactly these messages;
 * `oldest` is NULL where none is retained, and from > to means none. */
void expect_gap(struct store *s, struct subscriber *sub, struct event_id after,
                const struct event_id *oldest, int from, int to);

/* It has to wait. */
void expect_nothing(struct store *s, struct subscriber *sub);

#endif
