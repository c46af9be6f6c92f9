/*
 * limit: every limit that is not an option, in one table.
 *
 * Times are milliseconds on the monotonic clock, sizes are bytes, unless the
 * name says otherwise.
 */
#ifndef CRIER_LIMIT_H
#define CRIER_LIMIT_H

/* AddressSanitizer's frames are several times larger. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LIMIT_STACK_FACTOR 8
#else
#define LIMIT_STACK_FACTOR 1
#endif

enum limit {
    /* A request. */
    LIMIT_HEAD = 16 * 1024,  /* request line and fields; more: 431 */
    LIMIT_TARGET = 8 * 1024, /* request target; more: 414 */
    LIMIT_FIELDS = 100,      /* field lines in a request; more: 431 */
    LIMIT_CHUNK_LINE = 4096, /* a chunk's size and extensions; more: 400 */
    LIMIT_TRAILERS = 8192,   /* all trailer fields of a body; more: 400 */
    LIMIT_EVENT_ID = 64,     /* a Last-Event-ID; a longer one is no id */
    LIMIT_EVENT_NAME = 64,   /* the name of an event; longer: 400 */
    LIMIT_KEY = 255,         /* an Idempotency-Key; longer: 400 */
    LIMIT_FAULTS = 1000,     /* streams with a fault on purpose; more: 400 */
    LIMIT_QUESTION = 32,     /* the name of a question to the class, */
    LIMIT_CHOICES = 6,       /* and its choices; more: 400 */
    LIMIT_VOTE = 1024,       /* bytes of a vote; more: 413 */
    LIMIT_VOTERS = 1000,     /* who vote on it, or wait for it; more: 503 */
    LIMIT_CLASS_RATE = 10,   /* posts a second of an address in class */
    LIMIT_RATE_ADDRESSES = 1024,        /* whose posts are counted */
    LIMIT_STREAM_MESSAGES = 1000000000, /* ?limit=N of a stream; more: 400 */
    LIMIT_VALUES = 2560,                /* JSON values in a body; more: 413 */
    LIMIT_DEPTH = 2048, /* objects and arrays in one another; more: 400 */
    LIMIT_SHALLOW = 32, /* so many take less than a page of the stack */

    /* Time. */
    LIMIT_HEAD_MS = 10 * 1000,  /* a head, from its first byte; then 408 */
    LIMIT_BODY_MS = 10 * 1000,  /* a body, plus 1 s for each KiB; then 408 */
    LIMIT_CLASS_MS = 60 * 1000, /* instead of both with --classroom, where
                                 * students type requests by hand */
    LIMIT_IDLE_MS = 15 * 1000,  /* between two requests; clients are told */
    LIMIT_IDLE_MORE_MS = 2000,  /* on top, for what is under way; then close */
    LIMIT_WRITE_MS = 10 * 1000, /* a write whose peer's window stays shut, */
    LIMIT_SEND_MS = 30 * 1000,  /* and a whole one, plus 1 s for each 4 KiB */
    LIMIT_LINGER_MS = 2 * 1000, /* for reading what a refused peer sends on */
    LIMIT_LOG_MS = 10 * 1000,   /* the same error is logged once in this time */
    LIMIT_LOG_GATHER_MS = 1,    /* lines that come so close are one write */
    LIMIT_LOG_PAUSE_MS = 1000,  /* until a log that is refused is tried again */
    LIMIT_LOG_FLUSH_MS = 500,   /* for the last lines of the log, at the end */
    LIMIT_PUBLISH_MS = 2500,    /* at shutdown, for publishers to finish, */
    LIMIT_DRAIN_MS = 5 * 1000,  /* for subscribers to get the rest, */
    LIMIT_ABANDON_MS = 1000,    /* and for the others to leave without it */
    LIMIT_LONG_POLL_S = 60,     /* wait=SECONDS of a long poll; more: 400 */
    LIMIT_RATE_BURST_MS = 2000, /* posts of this time may come at once */
    LIMIT_SLOW_MS = 5 * 1000,   /* of slow motion, for each turn */
    LIMIT_STEP_MS = 60 * 1000,  /* until a next step; then slow motion ends */
    LIMIT_STEP_WAIT_MS = 500,   /* for a turn that a step can end */
    LIMIT_STEPS_MS = 5 * 1000,  /* for the steps of a whole message */
    LIMIT_TRACE_MS = 60 * 1000, /* that steps are kept after the latest look */
    LIMIT_POKE_HOLD_MS = 1000,  /* that a poke holds the store's mutex */
    LIMIT_PUPPET_MS = 60 * 1000, /* that a puppet stays at most */
    LIMIT_PLAY_MS = 3600 * 1000, /* a pause in a scripted stream; more: 400 */
    LIMIT_PLAY_ROUND_MS = 10,    /* that a round of a loop takes at least */
    LIMIT_PLAY_SPEED = 1000,     /* ?speed=N, and its inverse; more: 400 */

    /* The journal. */
    LIMIT_JOURNAL_MS = 4500,       /* for a message to be kept; then 503 */
    LIMIT_JOURNAL_TRY_MS = 1000,   /* until a journal that fails tries again */
    LIMIT_JOURNAL_SYNC_MS = 1000,  /* of --sync second */
    LIMIT_JOURNAL_PAUSE_MS = 100,  /* for readers to let the writer tidy up */
    LIMIT_JOURNAL_READERS = 4,     /* that read older messages at a time */
    LIMIT_JOURNAL_BATCH = 1024,    /* messages that one transaction keeps */
    LIMIT_JOURNAL_WAL = 1000,      /* pages of the log until it is emptied, */
    LIMIT_JOURNAL_WAL_MOST = 8000, /* and when no message is taken any more */
    LIMIT_BROKER_MS = 2000,        /* for its answer to a batch, or a page, */
    LIMIT_BROKER_TRY_MS = 1000,    /* or to see whether it is there; */
    LIMIT_BROKER_START_MS = 8000,  /* at the start, since the first of two
                                    * resolvers may be dead, for 5 s */
    LIMIT_BROKER_BLOCK_MS = 1000,  /* that it waits for something to tell */
    LIMIT_BROKER_PAUSE_MS = 100,   /* before a lost one is called again, */
    LIMIT_BROKER_PAUSE_MOST_MS = 3200, /* doubled each time up to this */
    LIMIT_BROKER_ENTRIES = 256,        /* that it tells at a time */

    /* A client that is sent away comes back after a time from the first of
     * these to both together. */
    LIMIT_RETRY_MS = 1000,
    LIMIT_RETRY_SPREAD_MS = 4000,

    /* Work for one hold of the store's mutex. */
    LIMIT_BATCH = 64,               /* messages that one turn collects, */
    LIMIT_BATCH_BYTES = 128 * 1024, /* and their bytes; at least one message */
    LIMIT_WAKE = 64,                /* subscribers that are given a turn */
    LIMIT_CUT = 64,                 /* slow subscribers that are cut off */

    /* What the kernel, which doubles both, may hold: */
    LIMIT_SEND_BUFFER = 64 * 1024,   /* for a client that does not read, */
    LIMIT_RECEIVE_BUFFER = 2 * 1024, /* of one that sends into a stream */

    /* Room. */
    LIMIT_LOG_PAGE = 1024 * 1024, /* of lines while standard error is blocked;
                                   * more are dropped */
    LIMIT_FREE = 4096, /* bytes of each body and answer that --max-memory does
                        * not count */
    LIMIT_OTHER_FILES = 100, /* descriptors that are not clients: the listening
                              * socket, epoll, the standard three, files */
    LIMIT_RESERVED_CLIENTS = 64,  /* clients that can still publish when
                                   * subscribers take all other places */
    LIMIT_TURN_AWAY_READS = 16,   /* reads from a client that is turned away */
    LIMIT_METRICS_CHANNELS = 100, /* that /metrics names */
    LIMIT_VIEWERS = 64,           /* of /threads and /timeline; more: 503 */
    LIMIT_PUPPETS = 4,            /* clients that pokes play; more: 503 */
    LIMIT_SCRIPT = 8 * 1024 * 1024, /* a file *.sse; more: 400 */
    LIMIT_WORDS = 64 * 1024,        /* an event that ?words= cuts */
    LIMIT_LIST = 16, /* values of an option that may be repeated */

    /* jansson recurses up to LIMIT_DEPTH levels deep: objects in one another
     * need 208 KiB. Only the pages that a thread touches cost memory. */
    LIMIT_STACK = LIMIT_STACK_FACTOR * 256 * 1024,
};

#endif
