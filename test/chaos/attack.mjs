// One attack, on a server of its own, and with an innocent client beside it.

import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { ATTACKS } from "./attacks.mjs";
import { path, start, startServer, tcpKib, until } from "./server.mjs";

const HISTORY = 100; // messages
const MEMORY_MIB = 16; // --max-memory
const BODY_KIB = 64; // --max-body
const SAMPLE_MS = 100;

// How many clients, if the machine allows as many connections.
function size({ clients, whole }, divisor) {
    const files = Number(execFileSync("sh", ["-c", "ulimit -Hn"],
        { encoding: "utf8" }).replace("unlimited", "1048576"));
    return Math.min(whole ? clients : clients / divisor, (files - 300) / 2);
}

// Many clients of crowd.c. leave() returns what they have seen.
function startCrowd(port, { request, whole, clients, ...words }, count, ms) {
    if (words.come) {
        words.come = ms;
    }
    const child = start(path("../../build/chaos-crowd"), [
        String(port), String(count),
        ...Object.entries(words).map(([name, value]) => `${name}=${value}`),
    ], { stdio: ["pipe", "pipe", "inherit"] });
    child.stdin.on("error", () => {});
    child.stdin.end(request);
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (data) => (out += data));
    return {
        async leave() {
            child.kill("SIGTERM");
            const status = await child.gone;
            return status === 0 ? JSON.parse(out) : { failed: status };
        },
    };
}

async function startInnocent(port, connections) {
    const child = start(process.execPath,
        [path("innocent.mjs"), String(port), connections],
        { stdio: ["pipe", "pipe", "inherit"] });
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (data) => (out += data));
    await until(() => out.startsWith("ready\n") || child.ended !== undefined);
    return {
        async leave() {
            child.stdin.end();
            await child.gone;
            return JSON.parse(out.split("\n")[1]);
        },
    };
}

// What the server may take, by the limits of the wire, in MiB: what it had at the
// start, the history, --max-memory, and for each client a thread with its
// buffers. Malloc needs some room between all these.
function bound(startKib, clients) {
    const history = HISTORY * (BODY_KIB + 4);
    const room = 8 * 1024;
    return Math.ceil((startKib + history + room + clients * 64) / 1024) +
        MEMORY_MIB;
}

// {} if there is no answer: 503 while the crowd leaves, too.
async function health(port) {
    try {
        const response = await fetch(`http://127.0.0.1:${port}/healthz`,
            { signal: AbortSignal.timeout(1000) });
        return await response.json();
    } catch {
        return {};
    }
}

async function watchTcp(ms) {
    let most = 0;
    for (const end = Date.now() + ms; Date.now() < end;
        await sleep(SAMPLE_MS)) {
        most = Math.max(most, tcpKib());
    }
    return most;
}

// What the server keeps while all of the crowd stay: waits until that is within
// the limit, or until some have left.
async function lastingMib(server, limit, count) {
    let mib = Infinity;
    await until(async () => {
        const now = server.ended === undefined
            ? server.residentKib() / 1024 : 0;
        const { clients } = await health(server.port);
        if (clients < count) {
            return true;
        }
        mib = now;
        return mib <= limit;
    });
    return mib;
}

async function judge(server, result) {
    const faults = [...result.innocent.faults];
    if (server.ended !== undefined) {
        return [...faults, `the server ended with ${server.ended}`];
    }
    if (!await until(async () =>
        (await health(server.port)).status === "ok")) {
        faults.push("the server does not answer");
    }
    result.memory ??= server.peakKib() / 1024;
    if (result.memory > result.bound) {
        faults.push(`${result.memory.toFixed(1)} MiB are more than ` +
            `${result.bound}`);
    }
    const status = await server.stop();
    return status === 0 ? faults
        : [...faults, `the server stopped with ${status}`];
}

export async function attack(name, { seconds, divisor }) {
    const { what, crowds, full, lasting } = ATTACKS[name];
    const counts = crowds.map((crowd) => size(crowd, divisor));
    const clients = counts.reduce((sum, count) => sum + count, 0);
    const tcpBefore = tcpKib();
    const server = await startServer("--history", String(HISTORY),
        "--max-memory", String(MEMORY_MIB),
        ...full ? ["--max-clients", String(counts[0])] : []);
    const startKib = server.residentKib();
    const innocent = await startInnocent(server.port, full ? "keep" : "anew");
    const running = crowds.map((crowd, i) =>
        startCrowd(server.port, crowd, counts[i], seconds * 1000)).reverse();
    const tcp = await watchTcp(seconds * 1000);
    const limit = bound(startKib, clients);
    const memory = lasting
        ? await lastingMib(server, limit, clients) : undefined;
    const left = await Promise.all(running.map((crowd) => crowd.leave()));
    const result = {
        what, clients: counts[0] ?? 0, opened: left.at(-1)?.opened ?? 0,
        innocent: await innocent.leave(),
        tcpMib: Math.max(0, tcp - tcpBefore) / 1024,
        memory, bound: limit,
    };
    result.faults = await judge(server, result);
    if (left.some(({ failed }) => failed !== undefined)) {
        result.faults.push("a crowd failed");
    }
    return result;
}
