/*
 * play: GET or POST of a file *.sse plays it: a scripted stream (script.h).
 */
#ifndef CRIER_PLAY_H
#define CRIER_PLAY_H

#include "server/exchange.h"

/*
 * Plays the file that x->path names. What stands behind ".sse/" in the path is
 * not looked at: so the file can be the base URL of a client that adds a path
 * to it. The body of a POST is logged. Begins behind the event that
 * Last-Event-ID or ?lastEventId= names. If nothing comes behind it, answers
 * 204, by which an EventSource stops. ?speed=N makes waits shorter; ?words=TIME
 * sends texts word by word.
 *
 * 400 for a mistake in the script, with its file and line, for a file beyond
 * LIMIT_SCRIPT, and for a parameter that is wrong. Otherwise as files.h says.
 */
void play(struct exchange *x);

#endif
