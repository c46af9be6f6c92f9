// The hub has the one stream that all tabs share. It tells the tabs what it
// receives. It lives in a SharedWorker (worker.js) or in a tab (leader.js).

import { Log, createGap } from "./log.js";
import { Stream } from "./stream.js";

// The hub and a tab give each other a sign of life, a beat. If one of them
// misses more than MISSED_BEATS of them, the other one has crashed, or is frozen.
// We count beats and do not measure the time, since a computer may sleep.
export const BEAT_MS = 2000;
export const MISSED_BEATS = 2;

export class Hub {
    #log = new Log();
    #state = "connecting";
    #tabs = new Set();
    #stream;
    #send;

    // send(message, tab) posts to one tab, send(message) to all. A message is
    // { log }, { entry }, { state } or { tabs }; a tab gets { log } first.
    constructor(send) {
        this.#send = send;
        // The old connection may be dead, and no event tells so.
        addEventListener("online", this.#reconnect);
    }

    // `log` is the tab's. A new hub continues where this log ends.
    join(tab, log) {
        if (this.#log.entries.length === 0) {
            this.#log.merge(log);
        }
        this.#stream ??= this.#listen();
        this.#tabs.add(tab);
        this.#send({ log: this.#log.copy() }, tab);
        this.#send({ state: this.#state }, tab);
        this.#send({ tabs: this.#tabs.size });
    }

    leave(tab) {
        if (!this.#tabs.delete(tab)) {
            return;
        }
        if (this.#tabs.size === 0) {
            this.#disconnect();
        }
        this.#send({ tabs: this.#tabs.size });
    }

    close() {
        removeEventListener("online", this.#reconnect);
        this.#disconnect();
    }

    #listen() {
        return new Stream(() => this.#address(), {
            open: () => this.#setState("live"),
            lost: () => this.#setState("reconnecting"),
            refused: () => this.#setState("refused"),
            message: (event) => this.#onMessage(event),
            gap: (event) => this.#onGap(event),
        });
    }

    // All addresses are relative, since a proxy may serve us under a path. In a
    // worker they are relative to the worker's script, beside the pages.
    #address() {
        const id = encodeURIComponent(this.#log.lastId);
        return `subscribe?lastEventId=${id}`;
    }

    #disconnect() {
        this.#stream?.close();
        this.#stream = undefined;
        this.#state = "connecting"; // for the next tab
    }

    #reconnect = () => {
        if (this.#state === "live") {
            this.#setState("reconnecting");
        }
        this.#stream?.reopen();
    };

    #onMessage({ lastEventId, data }) {
        this.#tell({ id: lastEventId, ...JSON.parse(data) });
    }

    #onGap({ data }) {
        this.#tell(createGap(JSON.parse(data).after));
    }

    #tell(entry) {
        if (this.#log.add(entry)) {
            this.#send({ entry });
        }
    }

    #setState(state) {
        this.#state = state;
        this.#send({ state });
    }
}
