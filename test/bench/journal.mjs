// What a journal costs: updates a second with 1, 8 and 32 publishers, and how
// late a message is, in memory, in a file, and by a broker; and what happens
// when 10,000 clients come back for what only the file has. All files lie in
// TMPDIR, which should be on a real disk.

import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { load, redisBenchmark } from "./measure.mjs";
import { NAMES, openFilesLimit, startServer } from "./servers.mjs";
import { median } from "./table.mjs";

const SERVERS = ["crier", "always", "second", "never", "redis", "everysec",
    "nchan", "nchan-redis"];
const PUBLISHERS = [1, 8, 32];
const ROUNDS = 3;
const KEPT = 200; // messages that each returning client misses
const RETURNING = Math.min(10000, openFilesLimit() - 1000);

async function rate(name, publishers) {
    const rates = [];
    for (let round = 0; round < ROUNDS; round++) {
        const server = await startServer(name);
        try {
            const result = await load(server, {
                subscribers: 1, rate: 0, publishers,
                // nchan keeps 1,000, and loses what a subscriber is behind.
                messages: name.startsWith("nchan") ? 900
                    : Math.min(20000, 3000 * publishers),
                timeout: 60,
            });
            if (result.faulty && !name.startsWith("nchan")) {
                throw new Error(`${name} lost, doubled or reordered messages`);
            }
            rates.push(result.deliveries_per_s);
        } finally {
            await server.stop();
        }
    }
    return Math.round(median(rates));
}

// From a publisher's post to 100 subscribers, 100 messages a second.
async function lateness(name) {
    const server = await startServer(name);
    try {
        const { delivery_ms: ms } = await load(server, {
            subscribers: 100, rate: 100, messages: 400, timeout: 60,
        });
        return `${ms.p50} | ${ms.p99}`;
    } finally {
        await server.stop();
    }
}

async function brokerRate(publishers) {
    const server = await startServer("broker");
    try {
        return await redisBenchmark(server, publishers);
    } finally {
        await server.stop();
    }
}

// Reads a stream; calls `each` for each message, until the stream ends.
function stream(port, path, each) {
    return new Promise((resolve) => {
        const socket = connect(port, "127.0.0.1");
        let rest = "";
        socket.setEncoding("latin1");
        socket.on("error", () => {}); // "close" follows
        socket.on("data", (text) => {
            const blocks = (rest + text).split("\n\n");
            rest = blocks.pop();
            for (const block of blocks) {
                if (block.includes("\ndata: ")) {
                    each(/^id: (.*)$/m.exec(block)[1]);
                }
            }
        });
        socket.on("close", resolve);
        socket.write(`GET ${path} HTTP/1.0\r\nHost: localhost\r\n\r\n`);
    });
}

// Hears all that it has missed, and comes back with its last id if it is cut
// off. How many messages that were, and how often it came.
async function comeBack(port) {
    let last = "0", count = 0, times = 0;
    while (count < KEPT && times < 100) {
        times++;
        await stream(port,
            `/subscribe?lastEventId=${last}&limit=${KEPT - count}`, (id) => {
                last = id;
                count++;
            });
    }
    return { count, times };
}

const residentKib = (pid) =>
    Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]);

async function returning() {
    const server = await startServer("returning");
    try {
        await load(server, {
            subscribers: 1, rate: 0, publishers: 8, messages: KEPT, warmup: 0,
        });
        const start = performance.now();
        // Of another process: this one has enough to do.
        const others = load(server, {
            subscribers: 10, rate: 10, messages: 30, timeout: 60,
        });
        const all = await Promise.all(Array.from({ length: RETURNING },
            () => comeBack(server.port)));
        const seconds = (performance.now() - start) / 1000;
        const wrong = all.filter(({ count }) => count !== KEPT).length;
        const cut = all.filter(({ times }) => times > 1).length;
        const { p50, max } = (await others).delivery_ms;
        console.log(`\n${RETURNING} clients came back for ${KEPT} messages ` +
            `each: ${seconds.toFixed(1)} s, ${wrong} of them wrong, ${cut} cut off meanwhile, at most ` +
            `${Math.round(residentKib(server.pid) / 1024)} MiB resident\n` +
            `messages to others meanwhile: p50 ${p50} ms, at most ${max} ms`);
        process.exitCode = wrong > 0 ? 1 : 0;
    } finally {
        await server.stop();
    }
}

const number = (n) => Math.round(n).toLocaleString("en");

async function rates() {
    console.log(`| updates/s | ${PUBLISHERS.join(" | ")} publishers | ` +
        "late, half, ms | 99 of 100, ms |");
    console.log(`| --- |${" ---: |".repeat(PUBLISHERS.length + 2)}`);
    for (const name of SERVERS) {
        const row = [];
        for (const publishers of PUBLISHERS) {
            row.push(number(await rate(name, publishers)));
        }
        console.log(`| ${NAMES[name]} | ${row.join(" | ")} | ` +
            `${await lateness(name)} |`);
    }
    const row = [];
    for (const publishers of PUBLISHERS) {
        row.push(number(await brokerRate(publishers)));
    }
    console.log(`| ${NAMES.broker} | ${row.join(" | ")} | | |`);
}

// Both take some minutes; `rates` or `returning` is one of them alone.
const wanted = process.argv.slice(2);
if (wanted.length === 0 || wanted.includes("rates")) {
    await rates();
}
if (wanted.length === 0 || wanted.includes("returning")) {
    await returning();
}
