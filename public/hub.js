// The hub has the one EventSource that all tabs share. It tells the tabs what
// it receives. It lives in a SharedWorker (worker.js) or in a tab (leader.js).

import { Log, createGap } from "./log.js";

const RECONNECT_MS = 5000;

// A worker and its tabs send each other heartbeats. A side that misses more than
// MISSED_BEATS of them has crashed. We count beats and do not measure the time,
// since a computer may sleep.
export const BEAT_MS = 2000;
export const MISSED_BEATS = 2;

export class Hub {
    #log = new Log();
    #state = "connecting";
    #tabs = new Set();
    #source;
    #timer;
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
        if (!this.#source) {
            this.#connect();
        }
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

    #connect() {
        if (this.#state === "live") {
            this.#setState("reconnecting");
        }
        const id = encodeURIComponent(this.#log.lastId);
        const source = new EventSource(`/subscribe?lastEventId=${id}`);
        source.addEventListener("open", () => this.#setState("live"));
        source.addEventListener("message", (event) => this.#onMessage(event));
        source.addEventListener("gap", (event) => this.#onGap(event));
        source.addEventListener("error", () => this.#onError());
        this.#source = source;
    }

    #disconnect() {
        clearTimeout(this.#timer);
        this.#source?.close();
        this.#source = undefined;
    }

    #reconnect = () => {
        if (this.#tabs.size > 0) {
            this.#disconnect();
            this.#connect();
        }
    };

    #onMessage({ lastEventId, data }) {
        this.#tell({ id: lastEventId, ...JSON.parse(data) });
    }

    #onGap({ data }) {
        this.#tell(createGap(JSON.parse(data).after));
    }

    #onError() {
        if (this.#source.readyState !== EventSource.CLOSED) {
            // The browser reconnects by itself, and sends the last id.
            this.#setState("reconnecting");
            return;
        }
        // The server refused, with a 404 for example. Then an EventSource does
        // not try again, so we do.
        this.#setState("refused");
        this.#timer = setTimeout(this.#reconnect, RECONNECT_MS);
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
