// What a thread may block in: its colour, its shape (for who cannot tell the
// colours), and what that means.

export const KINDS = [
    { calls: ["pthread_cond_wait"], colour: "--series-1", shape: "square",
        name: "pthread_cond_wait", means: "waits to be woken" },
    { calls: ["recv", "read"], colour: "--series-3", shape: "circle",
        name: "recv", means: "waits for what its client sends" },
    { calls: ["sendmsg", "send", "sendfile"], colour: "--series-2",
        shape: "triangle", name: "sendmsg",
        means: "waits until its client reads" },
    { calls: ["pthread_mutex_lock"], colour: "--series-5", shape: "cross",
        name: "pthread_mutex_lock", means: "waits for the store's mutex" },
    { calls: ["accept4"], colour: "--series-4", shape: "diamond",
        name: "accept4", means: "waits for the next client" },
    { calls: [null], colour: "--ink", shape: "ring", name: "running",
        means: "has, or wants, a core" },
    { calls: [], colour: "--series-6", shape: "bar", name: "other calls",
        means: "waits in the kernel" },
];

const MEANINGS = {
    epoll_wait: "waits for clients that hang up",
    sigwait: "waits for Ctrl-C",
    poll: "waits for the next look at the threads",
};

export function kindOf(row) {
    const kind = KINDS.findIndex(({ calls }) => calls.includes(row.blocked_in));
    return kind < 0 ? KINDS.length - 1 : kind;
}

export function meaning(row) {
    return MEANINGS[row.blocked_in] ?? KINDS[kindOf(row)].means;
}

// Draws the shape of a kind into a square of that size.
export function drawShape(context, kind, x, y, size, colour) {
    const r = size / 2;
    const cx = x + r;
    const cy = y + r;
    context.fillStyle = context.strokeStyle = colour;
    context.lineWidth = Math.max(1.5, size / 5);
    context.beginPath();
    switch (KINDS[kind].shape) {
    case "square":
        context.rect(x + size * 0.08, y + size * 0.08, size * 0.84, size * 0.84);
        break;
    case "circle":
        context.arc(cx, cy, r, 0, 2 * Math.PI);
        break;
    case "triangle":
        context.moveTo(x, y);
        context.lineTo(x + size, cy);
        context.lineTo(x, y + size);
        break;
    case "diamond":
        context.moveTo(cx, y);
        context.lineTo(x + size, cy);
        context.lineTo(cx, y + size);
        context.lineTo(x, cy);
        break;
    case "bar":
        context.rect(x, cy - size * 0.25, size, size * 0.5);
        break;
    case "cross":
        context.moveTo(x, y);
        context.lineTo(x + size, y + size);
        context.moveTo(x + size, y);
        context.lineTo(x, y + size);
        context.stroke();
        return;
    case "ring":
        context.arc(cx, cy, r - context.lineWidth / 2, 0, 2 * Math.PI);
        context.stroke();
        return;
    }
    context.fill();
}
