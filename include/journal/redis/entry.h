/*
 * entry: a message becomes an entry of the broker's stream, and an entry a
 * message again, with the same bytes on every machine.
 *
 * An entry's field `data` is the JSON that was posted: {"text":"hello"}. So
 * other programs can publish, too: XADD crier * data '{"text":"hello"}'. In a
 * channel with a name, its field `channel`, `data` is what was posted there,
 * and `event` the event's name, if it has one. The entry's id at the broker is
 * the message's id, and the id's milliseconds are the message's timestamp.
 *
 * The first entry of a stream has a field `start` instead. It is no message:
 * its id is before all others.
 */
#ifndef CRIER_ENTRY_H
#define CRIER_ENTRY_H

#include "journal/redis/wire.h"
#include "store/message.h"

#include <stdbool.h>

enum { ENTRY_ID_SIZE = 48 };

/* Prints an id as the broker writes it, with "-0" for the first of a
 * millisecond. Returns out. */
const char *entry_id_print(struct event_id id, char out[ENTRY_ID_SIZE]);

/* Reads such an id. False if the reply is none, or too great for an event_id.
 */
bool entry_id_parse(const struct redisReply *reply, struct event_id *id);

/* The id of an entry, which is a reply of two elements. */
bool entry_id(const struct redisReply *entry, struct event_id *id);

/* True if the entry belongs to the channel; "" is that of /update. */
bool entry_is_of(const struct redisReply *entry, const char *channel);

bool entry_is_start(const struct redisReply *entry);

/* Stamps the message of an entry, once its id is known. */
void entry_stamp(struct message *m, struct event_id id);

/*
 * The entry's message: stamped, and with one reference. NULL if memory runs
 * out; or if the entry is no message: errno is 0 then, and somebody else may
 * have added it.
 */
struct message *entry_message(const struct redisReply *entry, int retry_ms);

#endif
