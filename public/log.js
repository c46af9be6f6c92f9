// The newest messages that a page knows. Every tab has a log of its own, and so
// has the hub (hub.js): when one of them ends, the others still know them all.
// An entry is a message { id, text, timestamp }, or a gap { id, gap: after }.

export const MAX_ENTRIES = 1000; // more would make the browser slow

export class Log {
    entries = [];
    trimmed = false; // older entries were removed from this log
    lastId = "0"; // of the newest message; "0" asks the server for all
    #ids = new Set();

    // Returns false if the entry is in the log already.
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

    // Adds the entries of another log that this log does not have, and returns
    // them. Both logs have the server's order, so they are all newer than what
    // this log has.
    merge({ entries, trimmed }) {
        const known = entries.findLastIndex(({ id }) => this.#ids.has(id));
        const news = entries.slice(known + 1);
        if (known < 0 && trimmed && this.entries.length > 0) {
            news.unshift(createGap(this.lastId));
        }
        this.trimmed ||= trimmed && this.entries.length === 0;
        return news.filter((entry) => this.add(entry));
    }

    // Returns a plain object, which can be posted to another tab.
    copy() {
        return { entries: this.entries, trimmed: this.trimmed };
    }
}

// Messages are missing after the message with the id `after`.
export function createGap(after) {
    return { id: `gap ${Math.random()}`, gap: after };
}
