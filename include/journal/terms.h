/*
 * terms: what the journal and its kinds talk about.
 */
#ifndef CRIER_TERMS_H
#define CRIER_TERMS_H

#include "base/limit.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JOURNAL_ERROR_SIZE = 256 };

/* When a kept message is safe from a power cut. */
enum journal_sync {
    JOURNAL_SYNC_ALWAYS, /* before its publisher gets the 200 */
    JOURNAL_SYNC_SECOND, /* a second later at most */
    JOURNAL_SYNC_NEVER,  /* when the kernel likes */
};

/* Where messages are kept. */
enum journal_place { JOURNAL_MEMORY, JOURNAL_FILE, JOURNAL_BROKER };

struct journal_options {
    enum journal_place place;
    const char *name; /* of the file, or the broker's URL; it outlives the
                       * journal */
    enum journal_sync sync;
    size_t keep;     /* messages of all channels, at least `history` */
    size_t history;  /* messages that the store keeps, of each channel, */
    size_t channels; /* and how many with a name */
    int retry_ms;    /* of messages that are read back */
};

/* What becomes of a message. */
enum journal_fate {
    JOURNAL_KEPT,      /* it is kept, and published */
    JOURNAL_OTHER,     /* its key is another message's: nobody gets it */
    JOURNAL_REFUSED,   /* nobody gets it */
    JOURNAL_UNCLEAR,   /* nobody knows */
    JOURNAL_STOPPING,  /* it comes too late: nobody gets it */
    JOURNAL_NO_MEMORY, /* nobody gets it */
    JOURNAL_WAITING,   /* not known yet; only a group's letters have it */
};

/* What journal_older found. */
enum journal_page { JOURNAL_PAGE, JOURNAL_NOTHING, JOURNAL_FAILED };

struct journal_stats {
    bool kept;        /* messages outlive the process; else nothing is set */
    bool follows;     /* a second thread hears of other machines' messages */
    int64_t heard;    /* when that has asked last; ms, monotonic */
    bool down;        /* the latest try to keep messages has failed */
    size_t waiting;   /* messages that wait to be kept, */
    size_t batch;     /* and those that are being kept now */
    int64_t since;    /* when the thread began what it does; ms, monotonic */
    uint64_t batches; /* since the start, as all below */
    uint64_t messages;
    uint64_t repeats; /* posts whose key was known */
    uint64_t refused; /* messages whose publisher got a 503, */
    uint64_t unclear; /* because nobody knows whether they are kept */
    uint64_t pages;   /* of older messages that were read */
};

#endif
