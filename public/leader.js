// The hub in one of the tabs, the leader, for browsers without SharedWorker.
// The leader holds the lock "crier leader". When it closes or crashes, the next
// tab in the queue of this lock becomes the leader and tells the others. Each
// tab also holds a lock of its own: when the leader gets that lock, the tab has
// ended.

import { Hub } from "./hub.js";

export function joinLeader(log, receive) {
    const member = new Member(log, receive);
    return () => member.leave();
}

class Member {
    #id = Math.random().toString(36).slice(2);
    #channel = new BroadcastChannel("crier");
    #leaving = new AbortController();
    #left; // a promise: a lock is held until it is resolved
    #hub; // if this tab is the leader
    #leader; // the id of the tab whose messages we receive
    #log;
    #receive;

    constructor(log, receive) {
        this.#log = log;
        this.#receive = receive;
        this.#left = new Promise((resolve) => {
            this.#leaving.signal.addEventListener("abort", resolve);
        });
        this.#channel.addEventListener("message",
            ({ data }) => this.#listen(data));
        this.#request(`crier tab ${this.#id}`, () => this.#join());
        this.#request("crier leader", () => this.#lead());
    }

    leave() {
        this.#hub?.close();
        this.#leaving.abort();
        this.#channel.close();
    }

    // Calls work() when we have the lock, and holds it as long as work() takes.
    #request(lock, work) {
        navigator.locks.request(lock, { signal: this.#leaving.signal }, work)
            .catch(() => {}); // we left before we had it
    }

    #join() {
        this.#channel.postMessage({ joins: this.#id });
        return this.#left;
    }

    #lead() {
        this.#hub = new Hub((message, to) => this.#send(message, to));
        this.#hub.join(this.#id, this.#log.copy());
        this.#channel.postMessage({ leads: this.#id });
        return this.#left;
    }

    // For the hub: to one tab, or to all.
    #send(message, to) {
        if (to !== this.#id) {
            this.#channel.postMessage({ from: this.#id, to, message });
        }
        if (to === undefined || to === this.#id) {
            this.#receive(message);
        }
    }

    #listen({ joins, leads, from, to = this.#id, message }) {
        if (joins && this.#hub) {
            this.#hub.join(joins, this.#log.copy());
            this.#request(`crier tab ${joins}`, () => this.#hub.leave(joins));
        } else if (leads) {
            this.#leader = undefined;
            this.#join();
        } else if (message && to === this.#id) {
            this.#onMessage(from, message);
        }
    }

    // A leader sends its log first. Other messages make sense only after it.
    #onMessage(from, message) {
        if (message.log) {
            this.#leader = from;
        }
        if (this.#leader === from) {
            this.#receive(message);
        }
    }
}
