// What scripts/sides has measured, from the events that it posts. A page that
// comes late gets all of them from the history; the newest run counts.

export class Sides {
    run = 0;
    subscribers = 0;
    rounds = 0;
    round = 0; // how many are measured
    floor = null; // µs for passing a turn
    ended = false;
    looks = { events: null, threads: null }; // the latest: { threads, awake }
    #figures = new Map(); // from "paced/events/cpu" to one number for each round

    // Takes what scripts/sides tells. Anybody may post such an event, so that
    // only numbers are taken from it.
    take(told) {
        if (told.kind === "begin" && told.run >= this.run) {
            Object.assign(this, new Sides());
            this.#figures.clear();
            this.run = number(told.run);
            this.subscribers = number(told.subscribers);
            this.rounds = number(told.rounds);
        }
        if (told.run !== this.run) {
            return;
        }
        if (told.kind === "floor") {
            this.floor = number(told.us);
        } else if (told.kind === "end") {
            this.ended = true;
        } else if (told.kind === "look" && told.who in this.looks) {
            this.looks[told.who] = {
                threads: number(told.threads), awake: number(told.awake),
            };
        } else if (told.kind === "result" && told.who in this.looks) {
            this.#keep(told);
        }
    }

    #keep({ run, kind, load, who, ...figures }) {
        for (const [name, value] of Object.entries(figures)) {
            const key = `${load}/${who}/${name}`;
            this.#figures.set(key,
                [...this.#figures.get(key) ?? [], number(value)]);
        }
        this.round = this.#figures.get("burst/threads/cpu")?.length ?? 0;
    }

    // The median of the rounds, or null.
    figure(load, who, name) {
        const all = this.#figures.get(`${load}/${who}/${name}`);
        return all ? median(all) : null;
    }
}

const number = (value) => (Number.isFinite(value) ? value : 0);

function median(values) {
    const sorted = values.toSorted((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle]
        : (sorted[middle - 1] + sorted[middle]) / 2;
}
