// The kinds of calls that a thread blocks in. Each kind has a colour, a shape
// (for readers who cannot tell the colours apart) and a meaning, which is a key
// of words.js. The meanings are those of src/threads/calls.def: a test compares
// them. `named` is a key, too: of a kind that is no call.

export const KINDS = [
    { calls: ["pthread_cond_wait"], colour: "--series-1", shape: "square",
        name: "pthread_cond_wait", means: "call.cond_wait" },
    { calls: ["recv"], colour: "--series-3", shape: "circle",
        name: "recv", means: "call.recv" },
    { calls: ["sendmsg", "send", "sendfile"], colour: "--series-2",
        shape: "triangle", name: "sendmsg",
        means: "call.send" },
    { calls: ["pthread_mutex_lock"], colour: "--series-5", shape: "cross",
        name: "pthread_mutex_lock", means: "call.mutex" },
    { calls: ["accept4"], colour: "--series-4", shape: "diamond",
        name: "accept4", means: "call.accept" },
    { calls: [null], colour: "--ink", shape: "ring", named: "threads.running",
        means: "call.none" },
    { calls: [], colour: "--series-6", shape: "bar", named: "threads.other",
        means: "call.other" },
];

const OTHER_MEANINGS = {
    epoll_wait: "call.epoll_wait",
    sigwait: "call.sigwait",
    poll: "call.poll",
    nanosleep: "call.sleep",
    write: "call.write",
    fdatasync: "call.sync",
    fsync: "call.sync",
    pwrite: "call.pwrite",
    pread: "call.pread",
};

// Returns the index in KINDS.
export function kindOf(row) {
    const kind = KINDS.findIndex(({ calls }) => calls.includes(row.blocked_in));
    return kind < 0 ? KINDS.length - 1 : kind;
}

export function meaning(row) {
    return OTHER_MEANINGS[row.blocked_in] ?? KINDS[kindOf(row)].means;
}
