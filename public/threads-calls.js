// The kinds of calls that a thread blocks in. Each kind has a colour, a shape
// (for readers who cannot tell the colours apart) and a meaning. The meanings
// are those of src/threads/calls.def: a test compares them.

export const KINDS = [
    { calls: ["pthread_cond_wait"], colour: "--series-1", shape: "square",
        name: "pthread_cond_wait", means: "waits to be woken" },
    { calls: ["recv"], colour: "--series-3", shape: "circle",
        name: "recv", means: "waits for what its client sends" },
    { calls: ["sendmsg", "send", "sendfile"], colour: "--series-2",
        shape: "triangle", name: "sendmsg",
        means: "waits until its client reads" },
    { calls: ["pthread_mutex_lock"], colour: "--series-5", shape: "cross",
        name: "pthread_mutex_lock", means: "waits for the store's mutex" },
    { calls: ["accept4"], colour: "--series-4", shape: "diamond",
        name: "accept4", means: "waits for the next client" },
    { calls: [null], colour: "--ink", shape: "ring", name: "running",
        means: "runs, or is ready to run" },
    { calls: [], colour: "--series-6", shape: "bar", name: "other calls",
        means: "waits in the kernel" },
];

const OTHER_MEANINGS = {
    epoll_wait: "waits for clients that hang up",
    sigwait: "waits for Ctrl-C",
    poll: "waits until something is due, or its client goes",
    nanosleep: "sleeps",
    write: "writes a line of the log",
    fdatasync: "waits for the disk: the messages must be safe",
    fsync: "waits for the disk: the messages must be safe",
    pwrite: "writes messages to the journal",
    pread: "reads older messages from the journal",
};

// Returns the index in KINDS.
export function kindOf(row) {
    const kind = KINDS.findIndex(({ calls }) => calls.includes(row.blocked_in));
    return kind < 0 ? KINDS.length - 1 : kind;
}

export function meaning(row) {
    return OTHER_MEANINGS[row.blocked_in] ?? KINDS[kindOf(row)].means;
}
