// What has been said, up to a thousand entries of it. Every tab has its own,
// and so has the hub, so that any of them can go on when another one dies.
// An entry is a message { id, text, timestamp }, or a gap { id, gap: after }.

const MAX_ENTRIES = 1000; // more would only make the browser slow

export class Log {
    entries = [];
    trimmed = false; // earlier entries were dropped here
    lastId = "0"; // of the newest message; "0" asks for all that there is
    #ids = new Set();

    // False if it is there already.
    add(entry) {
        if (this.#ids.has(entry.id)) {
            return false;
        }
        this.#ids.add(entry.id);
        this.entries.push(entry);
        if (entry.gap === undefined) {
            this.lastId = entry.id;
        }
        if (this.entries.length > MAX_ENTRIES) {
            this.#ids.delete(this.entries.shift().id);
            this.trimmed = true;
        }
        return true;
    }

    // Adds what another log has and this one has not, and returns that. The
    // order is the server's in both: what is new stands behind what is known.
    merge({ entries, trimmed }) {
        const known = entries.findLastIndex(({ id }) => this.#ids.has(id));
        const news = entries.slice(known + 1);
        if (known < 0 && trimmed && this.entries.length > 0) {
            news.unshift(createGap(this.lastId));
        }
        this.trimmed ||= trimmed && this.entries.length === 0;
        return news.filter((entry) => this.add(entry));
    }

    // As it can be posted to others.
    copy() {
        return { entries: this.entries, trimmed: this.trimmed };
    }
}

export function createGap(after) {
    return { id: `gap ${Math.random()}`, gap: after };
}
