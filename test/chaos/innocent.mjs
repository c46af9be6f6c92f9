// The innocent client beside an attack: one subscriber, one publisher, 20 posts
// a second, each timed. A process of its own, so that it measures the server
// and not the attacker:
//
//     node innocent.mjs PORT keep|anew
//
// `anew` is a connection for each post, as curl makes. At the end of standard
// input it waits for what it has not heard yet, and prints its figures as JSON.

import { Agent } from "node:http";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { post, subscribe } from "./client.mjs";
import { Ledger } from "./ledger.mjs";
import { until } from "./server.mjs";

const PERIOD_MS = 50;

const port = Number(process.argv[2]);
const agent = process.argv[3] === "keep"
    ? new Agent({ keepAlive: true, maxSockets: 1 }) : false;
const ledger = new Ledger({ foreign: true });
const record = ledger.record("the innocent subscriber");
const posted = new Map(); // text -> when
const answered = []; // ms
const delivered = []; // ms
const wanted = new Set(); // acknowledged and not heard yet
const heard = new Set();
let refused = 0;
let connections = 0;
let ended = false;

function hear({ data }) {
    const text = data && JSON.parse(data).text;
    if (text && posted.has(text)) {
        delivered.push(performance.now() - posted.get(text));
        heard.add(text);
        wanted.delete(text);
    }
}

// Comes back at once when it is cut off.
async function listen() {
    for (;;) {
        const stream = subscribe(port, record, hear);
        stream.outgoing.once("response", () => connections++);
        await stream.closed;
        await sleep(20);
    }
}

async function publish(number) {
    const text = `innocent ${number}`;
    const start = performance.now();
    posted.set(text, start);
    if (await post(port, agent, ledger, text) === 200) {
        answered.push(performance.now() - start);
        if (!heard.has(text)) {
            wanted.add(text);
        }
    } else {
        refused++;
    }
}

function figures(values) {
    const sorted = [...values].sort((a, b) => a - b);
    const at = (part) => sorted[Math.ceil(part * sorted.length) - 1] ?? null;
    return { median: at(0.5), p99: at(0.99), worst: at(1) };
}

// True once nothing is missing but what a gap has told of.
function complete() {
    return wanted.size === 0 || record.gaps > 0;
}

process.stdin.resume().on("end", () => (ended = true));
listen();
await until(() => record.last !== null);
process.stdout.write("ready\n");
const posts = [];
for (let number = 0, due = performance.now(); !ended; number++) {
    posts.push(publish(number));
    due = Math.max(due + PERIOD_MS, performance.now() - 20 * PERIOD_MS);
    await sleep(Math.max(0, due - performance.now()));
}
await Promise.all(posts);
await until(complete);
const faults = ledger.check();
if (!complete()) {
    faults.push(`${wanted.size} acknowledged messages never came`);
}
process.stdout.write(JSON.stringify({
    posts: posts.length, refused, cut: connections - 1, gaps: record.gaps,
    post: figures(answered), delivery: figures(delivered), faults,
}) + "\n", () => process.exit(0));
