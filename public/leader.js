// The hub in one of the tabs, the leader, for browsers without SharedWorker.
// The leader holds the lock "leader". When it closes or crashes, the next tab in
// the queue of this lock becomes the leader and tells the others. Each tab also
// holds a lock of its own: when the leader gets that lock, the tab has ended.
//
// A browser may freeze a tab in the background, and then the leader hears no
// message, but keeps its lock. So the leader gives a sign of life by a timer,
// which is frozen, too. A tab that misses it steals the lock. When the old
// leader wakes up, it learns that its lock is gone, and becomes a follower.

import { BEAT_MS, Hub, MISSED_BEATS } from "./hub.js";
import { VERSION } from "./version.js";

// Servers behind one proxy, under different paths, have different tabs.
const PLACE = `crier ${VERSION} ${new URL(".", location.href).pathname}`;

// Calls fail() if the browser denies us the locks.
export function joinLeader(log, receive, fail) {
    if (!navigator.locks) { // browsers have them only on https and on localhost
        throw new Error("no locks");
    }
    const member = new Member(log, receive, fail);
    return () => member.leave();
}

// A promise that lasts until the signal is aborted.
function aborted(signal) {
    return new Promise((resolve) => {
        signal.addEventListener("abort", resolve);
    });
}

class Member {
    #id = Math.random().toString(36).slice(2);
    #channel = new BroadcastChannel(PLACE);
    #leaving = new AbortController();
    #waiting = new AbortController(); // for the lock "leader"
    #leading; // an AbortController, if this tab is the leader
    #hub; // the leader's
    #leader; // the id of the tab whose messages we receive
    #silence = 0; // beats since its last message
    #steal = false; // we take the lock, whoever has it
    #stole = false; // we did, and have heard no leader since
    #timer;
    #log;
    #receive;
    #fail;

    constructor(log, receive, fail) {
        this.#log = log;
        this.#receive = receive;
        this.#fail = fail;
        this.#channel.addEventListener("message",
            ({ data }) => this.#listen(data));
        this.#timer = setInterval(() => this.#beat(), BEAT_MS);
        this.#live();
        this.#leadAgainAndAgain();
    }

    leave() {
        clearInterval(this.#timer);
        this.#leaving.abort();
        this.#waiting.abort();
        this.#stopLeading();
        this.#channel.close();
    }

    // Resolves when the lock is gone: work() has ended, the lock was stolen, or
    // the signal in the options was aborted before we had the lock.
    async #hold(lock, options, work) {
        try {
            await navigator.locks.request(`${PLACE} ${lock}`, options, work);
        } catch (error) {
            if (error.name !== "AbortError") {
                this.#fail(); // the browser denies us the locks
            }
        }
    }

    // Holds this tab's own lock. The leader waits for it.
    #live() {
        const { signal } = this.#leaving;
        this.#hold(`tab ${this.#id}`, { signal }, () => {
            this.#join();
            return aborted(signal);
        });
    }

    #join() {
        this.#leader = undefined;
        this.#channel.postMessage({ joins: this.#id });
    }

    #beat() {
        if (this.#hub) {
            this.#channel.postMessage({
                from: this.#id, message: { beat: true },
            });
        } else if (this.#silence++ > MISSED_BEATS) {
            this.#takeOver();
        }
    }

    #takeOver() {
        if (this.#stole) {
            this.#fail(); // it did not help: tabs do not hear each other
            return;
        }
        this.#silence = 0;
        this.#steal = this.#stole = true;
        this.#waiting.abort();
    }

    // Leading

    async #leadAgainAndAgain() {
        while (!this.#leaving.signal.aborted) {
            this.#waiting = new AbortController();
            const { signal } = this.#waiting;
            const options = this.#steal ? { steal: true } : { signal };
            await this.#hold("leader", options, () => this.#lead());
            if (this.#hub) { // the lock was stolen
                this.#stopLeading();
                this.#join();
            }
        }
    }

    async #lead() {
        if (this.#leaving.signal.aborted) {
            return;
        }
        this.#steal = false;
        this.#leading = new AbortController();
        this.#hub = new Hub((message, to) => this.#send(message, to));
        this.#hub.join(this.#id, this.#log.copy());
        this.#channel.postMessage({ leads: this.#id });
        await aborted(this.#leading.signal);
    }

    #stopLeading() {
        this.#hub?.close();
        this.#hub = undefined;
        this.#silence = 0;
        this.#leading?.abort();
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

    // The lock of the tab is shared, so that the wait of a leader that was
    // frozen does not keep the next leader waiting.
    #admit(tab) {
        this.#hub.join(tab, this.#log.copy());
        const { signal } = this.#leading;
        this.#hold(`tab ${tab}`, { signal, mode: "shared" },
            () => this.#hub?.leave(tab));
    }

    // Listening

    #listen({ joins, leads, from, to = this.#id, message }) {
        if (leads) {
            this.#stopLeading(); // if we were frozen, we have not noticed yet
            this.#silence = 0;
            this.#join();
        } else if (joins && this.#hub) {
            this.#admit(joins);
        } else if (message && to === this.#id) {
            this.#onMessage(from, message);
        }
    }

    // A leader sends its log first. Other messages make sense only after it.
    #onMessage(from, message) {
        if (message.log) {
            this.#leader ??= from;
        }
        if (this.#leader === from && !this.#hub) {
            this.#silence = 0;
            this.#stole = false;
            if (!message.beat) {
                this.#receive(message);
            }
        }
    }
}
