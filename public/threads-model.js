// The threads, from the events of /threads. The first event has all threads,
// the next ones have only the changes.

import { words } from "./words.js";

export class Threads {
    rows = new Map(); // by id, in the order of connecting
    store = null;
    classroom = false;
    slow = 0;
    step = null; // { by, left_ms } if turns go step by step
    poke = null; // { kind, thread, by, ms }: what was poked just now

    // Takes an event of /threads. Returns the rows that were sent a message
    // since the event before.
    update(look) {
        const busy = [];
        if (!look.gone) {
            this.rows.clear();
        }
        for (const row of look.threads) {
            const before = this.rows.get(row.id);
            row.since = row.since_ms === null ? null : look.now - row.since_ms;
            this.rows.set(row.id, before ? Object.assign(before, row) : row);
            if (look.gone && row.sent > (before?.lastSent ?? 0)) {
                busy.push(this.rows.get(row.id));
            }
            this.rows.get(row.id).lastSent = row.sent;
        }
        for (const id of look.gone ?? []) {
            this.rows.delete(id);
        }
        this.store = look.store;
        this.classroom = look.classroom;
        this.slow = look.slow_ms;
        this.step = look.step ?? null;
        this.poke = look.poke ?? null;
        this.now = look.now;
        return busy;
    }

    // Returns for how many milliseconds the thread has been in its call.
    age(row) {
        return row.since === null ? null : Math.max(0, this.now - row.since);
    }
}

export function duration(ms) {
    if (ms === null) {
        return "";
    }
    if (ms < 1000) {
        return words("unit.ms", { count: Math.round(ms) });
    }
    return ms < 60000
        ? words("unit.seconds", { count: (ms / 1000).toFixed(1) })
        : words("unit.minutes", { count: Math.floor(ms / 60000) });
}
