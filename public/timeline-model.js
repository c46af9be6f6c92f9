// What the threads did, from the events of /timeline. The first event of a
// stream has all steps that the server has kept, the next ones continue it.
// All times are microseconds since the server's start.

const MOST = 60000; // segments that are kept

// What a thread blocks in after a step, as in threads-calls.js; null: it runs.
const CALLS = {
    asks: "pthread_mutex_lock", publishes: null, sleeps: "pthread_cond_wait",
    wakes: null, keeps: "pthread_cond_wait", leaves: "sendmsg",
    holds: "nanosleep",
};
const WAKE_UPS = ["gives", "pokes", "nudges"];
const ROLES = {
    publishes: "publisher", sleeps: "subscriber", leaves: "subscriber",
    pokes: "departures", holds: "poker", nudges: "poker",
};

export class Timeline {
    rows = new Map(); // by the thread's number
    wakes = []; // { at, from, to, why, until }; until null: not awake yet
    messages = []; // { id, at, by, channel }, the oldest first
    now = 0;
    lost = 0; // steps that came too fast to be kept
    #segments = 0;

    clear() {
        this.rows.clear();
        this.wakes = [];
        this.messages = [];
        this.lost = this.#segments = 0;
    }

    // Takes an event of /timeline. Returns true if there are new steps.
    update({ us, lost, steps }) {
        this.now = us;
        if (lost > 0) {
            this.lost += lost;
            this.rows.forEach((row) => row.end(us));
        }
        steps.forEach((step) => this.#take(...step));
        if (this.#segments > MOST) {
            this.#forget();
        }
        return steps.length > 0 || lost > 0;
    }

    #take(us, tid, step, what, id) {
        const row = this.#row(tid);
        row.role = ROLES[step] ?? row.role;
        if (WAKE_UPS.includes(step)) {
            this.#wake({ at: us, from: tid, to: what, why: step, until: null });
            return;
        }
        if (step === "wakes" && row.segments.length === 0) {
            row.begin(0, CALLS.sleeps, "sleeps"); // since before the first step
        }
        row.end(us);
        if (row.waking) {
            row.waking.until = us;
            row.waking = null;
        }
        if (step === "publishes") {
            this.messages.push({ id, at: us, by: tid, channel: what });
        }
        if (step === "sleeps") {
            row.channel = what ?? 0;
        }
        if (step === "leaves" && what === "messages") {
            row.collected.push({ at: us, id });
        }
        if (step in CALLS && what !== "closed") {
            row.begin(us, CALLS[step], step);
            this.#segments++;
        }
    }

    #wake(wake) {
        this.wakes.push(wake);
        this.#row(wake.to).waking = wake;
    }

    #row(tid) {
        if (!this.rows.has(tid)) {
            this.rows.set(tid, new Row(tid));
        }
        return this.rows.get(tid);
    }

    // Drops the older half.
    #forget() {
        const times = [...this.rows.values()].flatMap(({ segments }) =>
            segments.map(({ from }) => from)).sort((a, b) => a - b);
        const since = times[times.length >> 1];
        this.wakes = this.wakes.filter(({ at }) => at >= since);
        this.messages = this.messages.filter(({ at }) => at >= since);
        this.#segments = 0;
        for (const [tid, row] of this.rows) {
            row.forget(since);
            this.#segments += row.segments.length;
            if (row.segments.length === 0) {
                this.rows.delete(tid);
            }
        }
    }

    // Returns the way of a message: for each thread that got it, when it was
    // given its turn and by whom, when it was awake, had the message, and had
    // written it. Ordered by when they had it; null: not known, or not yet.
    way(message) {
        const wakes = Map.groupBy(
            this.wakes.filter(({ at }) => at >= message.at), ({ to }) => to);
        const stops = [];
        for (const row of this.rows.values()) {
            if (row.channel !== null && row.channel !== message.channel) {
                continue;
            }
            const has = row.collected.find(({ at, id }) =>
                at >= message.at && compare(id, message.id) >= 0);
            const wake = wakes.get(row.tid)?.findLast(({ at, why }) =>
                why === "gives" && at <= (has?.at ?? Infinity));
            if (has || wake) {
                stops.push({ row, wake, has: has?.at ?? null,
                    written: has ? row.endOf(has.at) : null });
            }
        }
        return stops.sort((a, b) => (a.has ?? Infinity) - (b.has ?? Infinity)
            || (a.wake?.at ?? 0) - (b.wake?.at ?? 0));
    }
}

class Row {
    role = "thread";
    segments = []; // { from, to, call, step }; to null: it goes on
    collected = []; // { at, id }: the last id of what it got
    channel = null; // the number of the one that it listens to, if known
    waking = null; // the wake-up that it has not heard yet

    constructor(tid) {
        this.tid = tid;
    }

    begin(us, call, step) {
        this.segments.push({ from: us, to: null, call, step });
    }

    end(us) {
        const last = this.segments.at(-1);
        if (last && last.to === null) {
            last.to = us;
        }
    }

    forget(since) {
        this.segments = this.segments.filter(({ to }) =>
            to === null || to >= since);
        this.collected = this.collected.filter(({ at }) => at >= since);
    }

    // When the segment ended that began then; null: it goes on.
    endOf(us) {
        return this.segments.find(({ from }) => from === us)?.to ?? null;
    }

    // The segments from a moment on.
    since(us) {
        let low = 0;
        let high = this.segments.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            const { to } = this.segments[middle];
            if (to !== null && to < us) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}

// Negative, 0 or positive as id a is before, equal to or after b.
function compare(a, b) {
    const [first, second] = [a, b].map((id) => id.split("-").map(Number));
    return first[0] - second[0] || (first[1] ?? 0) - (second[1] ?? 0);
}
