// The chaos: publishers, and subscribers that stop reading, go on, vanish in
// every way, stay away, and come back by their last id. The ledger then says
// whether each of them got what it must.

import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { post, subscribe } from "./client.mjs";
import { compareIds, Ledger } from "./ledger.mjs";
import { startServer, until } from "./server.mjs";

const HISTORY = 150; // at 40 messages a second, 4 s: who stays away finds a gap
const PUBLISHERS = 10;
const PAUSE_MS = 500; // of a publisher between two posts, at most
const TEXT = 6000; // characters at most
const LAST_MS = 1500; // of posts before SIGTERM comes in between

const random = (most) => Math.random() * most;
const pick = (list) => list[Math.floor(random(list.length))];

class Subscriber {
    settled = false; // no more chaos: it stays, and reads
    gone = false; // the server stops: it does not come back
    counts = { connections: 0, stops: 0, ended: 0 };

    constructor(port, record) {
        this.port = port;
        this.record = record;
    }

    settle() {
        this.settled = true;
        this.stream?.response?.resume();
        this.wake?.();
    }

    // Sleeps, but not beyond settle() or the end of the stream.
    #pause(ms) {
        if (this.settled) {
            return undefined;
        }
        const woken = new Promise((resolve) => (this.wake = resolve));
        return Promise.race([sleep(ms), woken, ...this.stream
            ? [this.stream.closed] : []]);
    }

    // What it may do to its connection; true if that is the end of it.
    static ACTIONS = {
        async read() {
            await this.#pause(random(4000));
        },
        // Up to 14 s: the server cuts it off after 10 s.
        async stop() {
            this.counts.stops++;
            this.stream.response?.pause();
            await this.#pause(random(random(14000)));
            this.stream.response?.resume();
        },
        async half() {
            this.stream.outgoing.socket?.end();
            await this.#pause(random(4000));
        },
        async close() {
            this.stream.outgoing.destroy();
            return true;
        },
        async reset() {
            this.stream.outgoing.socket?.resetAndDestroy();
            this.stream.outgoing.destroy(); // it may have no socket yet
            return true;
        },
    };

    async #connection() {
        const { stream } = this;
        let closed = false;
        stream.closed.then(() => (closed = true));
        while (!closed && !this.settled) {
            const action = pick(Object.values(Subscriber.ACTIONS));
            if (await action.call(this)) {
                await stream.closed;
                return;
            }
        }
        stream.response?.resume();
        await stream.closed;
        this.counts.ended++;
    }

    // Its life. The witness is settled from the start.
    async live() {
        while (!this.gone) {
            this.stream = subscribe(this.port, this.record);
            this.counts.connections++;
            await this.#connection();
            this.stream = undefined;
            await sleep(20);
            await this.#pause(random(random(10000)));
        }
    }
}

class Publisher {
    constructor(port, name, ledger) {
        Object.assign(this, { port, name, ledger, count: 0 });
        this.agent = new Agent({ keepAlive: true, maxSockets: 1 });
    }

    // Until it is told to stop, or, with `last`, until the server has gone.
    async publish(last = false) {
        for (this.stopped = false; !this.stopped;) {
            const text = `${this.name}-${this.count++} ` +
                pick(["x", "가", "\n", "\u2028"]).repeat(random(random(TEXT)));
            const status = await post(this.port, this.agent, this.ledger, text);
            if (last && status !== 200) {
                return;
            }
            await sleep(random(PAUSE_MS));
        }
    }
}

// Everybody who is there has the newest of all messages.
function allHaveTheLast(subscribers) {
    const ends = new Set(subscribers.map(({ record }) => record.last));
    return ends.size === 1;
}

// Ends the server while all publish. What it has acknowledged must arrive; a
// machine that is too busy for that is told so by the server's log.
async function stopInBetween(server, publishers, subscribers) {
    const last = publishers.map((publisher) => publisher.publish(true));
    await sleep(LAST_MS);
    subscribers.forEach((subscriber) => (subscriber.gone = true));
    const status = await server.stop();
    publishers.forEach((publisher) => (publisher.stopped = true));
    await Promise.all(last);
    return status;
}

const sum = (subscribers, name) =>
    subscribers.reduce((total, { counts }) => total + counts[name], 0);

function checkEnd(status, log, subscribers) {
    const faults = status === 0 ? [] : [`the server ended with ${status}`];
    const cut = Number(/stopped: (\d+) streams were cut short/.exec(log)?.[1] ??
        0);
    const ends = subscribers.map(({ record }) => record.last);
    const newest = [...ends].sort(compareIds).at(-1);
    const late = ends.filter((id) => id !== newest).length;
    if (late > cut) {
        faults.push(`${late} subscribers lack the last message, ` +
            `${cut} streams were cut short`);
    }
    return faults;
}

export async function chaos({ seconds, count }) {
    const server = await startServer("--history", String(HISTORY), "--retry",
        "100", "--heartbeat", "5");
    const ledger = new Ledger();
    const subscribers = Array.from({ length: count }, (_, i) =>
        new Subscriber(server.port, ledger.record(`subscriber ${i}`)));
    const publishers = Array.from({ length: PUBLISHERS }, (_, i) =>
        new Publisher(server.port, `publisher ${i}`, ledger));
    const faults = [];

    subscribers[0].settle(); // the witness
    const lives = subscribers.map((subscriber) => subscriber.live());
    const posts = publishers.map((publisher) => publisher.publish());
    await sleep(seconds * 1000);
    publishers.forEach((publisher) => (publisher.stopped = true));
    await Promise.all(posts);
    subscribers.forEach((subscriber) => subscriber.settle());
    if (!await until(() => allHaveTheLast(subscribers))) {
        faults.push("not everybody who is there has the last message");
    }
    const status = await stopInBetween(server, publishers, subscribers);
    subscribers.forEach(({ stream }) => stream?.outgoing.destroy());
    await Promise.all(lives);
    faults.push(...checkEnd(status, server.log, subscribers),
        ...ledger.check());
    const records = subscribers.map(({ record }) => record);
    const total = (name) => records.reduce((n, record) => n + record[name], 0);
    return {
        faults,
        said: `${ledger.acknowledged.length} messages, ` +
            `${total("messages")} deliveries to ${count} subscribers: ` +
            `${sum(subscribers, "stops")} stops, ` +
            `${sum(subscribers, "connections") - count} returns, ` +
            `${sum(subscribers, "ended") - count} cut off, ` +
            `${total("gaps")} gaps told`,
    };
}
