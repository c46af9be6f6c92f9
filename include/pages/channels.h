/*
 * channels: GET and POST /channels/NAME, streams of their own with raw bodies.
 */
#ifndef CRIER_PAGE_CHANNELS_H
#define CRIER_PAGE_CHANNELS_H

#include "server/exchange.h"

/*
 * GET: as subscribe.h, for the messages of this channel.
 *
 * POST: publishes the body as it is, and replies with its id; as update.h says,
 * it is kept by then, and its subscribers are being woken. ?event=NAME names
 * the event. 400 if the body is not UTF-8, or the name of the event is none.
 * 503 also if there is no place for another channel.
 *
 * 400 unless NAME is 1 to 64 of A-Z a-z 0-9 . _ ~ and -.
 */
void channels(struct exchange *x);

#endif
