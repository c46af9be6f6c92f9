// The attacks: one after the other, each on a server of its own, and with an
// innocent client beside it.

import { once } from "node:events";
import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { path, start, startServer, tcpKib, until } from "./server.mjs";

const HISTORY = 100; // messages
const MEMORY_MIB = 16; // --max-memory
const BODY_KIB = 64; // --max-body
const SAMPLE_MS = 100;

const TEXT = 65000; // bytes of a large message
const JSON_SIZE = 63000;
const DEPTH = 2040; // jansson goes to 2,048

const HOST = "Host: localhost\r\n";
const ONCE = HOST + "Connection: close\r\n";

const get = (target, fields) => `GET ${target} HTTP/1.1\r\n${fields}\r\n`;
const post = (body, fields = HOST, size = body.length) =>
    `POST /update HTTP/1.1\r\n${fields}Content-Length: ${size}\r\n\r\n${body}`;

const DRIP = { first: 30, drip: 1, again: 1 };
const AT_ONCE = { period: 10, again: 1 };

// One publisher of large messages, 20 a second.
const LARGE = {
    clients: 1, whole: true, period: 50, repeat: 1, again: 1,
    request: post(JSON.stringify({ text: "x".repeat(TEXT) })),
};
const ALL = HOST + "Last-Event-ID: 0\r\n";

// `clients` of each crowd; CHAOS=quick takes a fifth, but all of a `whole` one.
// The other words are those of crowd.c, and `come` is the whole time of the
// attack. The first crowd attacks, the others stand beside it. `full` means
// that there is no room for a new connection.
export const ATTACKS = {
    none: { what: "no attack", crowds: [] },
    "slow-heads": {
        what: "slow heads, a byte a second",
        crowds: [{
            ...DRIP, clients: 2000,
            request: get("/", HOST + `X: ${"x".repeat(1000)}\r\n`),
        }],
    },
    "slow-bodies": {
        what: "slow bodies, a byte a second",
        crowds: [{
            ...DRIP, clients: 2000, first: 80,
            request: post("{".padEnd(1000), HOST, 60000),
        }],
    },
    "most-of-bodies": {
        what: "bodies of 60,000 bytes that lack the last 100",
        crowds: [{
            ...DRIP, clients: 1000, first: 59900,
            request: post("{".padEnd(60000)),
        }],
    },
    silent: {
        what: "silent connections, as many as `--max-clients`",
        full: true,
        crowds: [{ clients: 2000, again: 1, request: "" }],
    },
    resets: {
        what: "connect and reset, 4,000 a second",
        crowds: [{
            ...AT_ONCE, clients: 40, whole: true, reset: 1, request: "",
        }],
    },
    "half-closed": {
        what: "half-closed subscribers",
        crowds: [{
            clients: 1000, half: 1, again: 1, request: get("/subscribe", HOST),
        }],
    },
    "slow-readers": {
        what: "slow readers, 60,000 bytes every 3 s",
        crowds: [{
            clients: 350, come: true, period: 3000, take: 60000,
            window: 65536, again: 1,
            request: get("/subscribe", ALL),
        }, { ...LARGE, clients: 4, period: 20 }],
    },
    "no-readers": {
        what: "subscribers that never read",
        crowds: [{
            clients: 2000, take: 0, window: 4096, again: 1,
            request: get("/subscribe", ALL),
        }, LARGE],
    },
    "slow-polls": {
        what: "20 polls at once, whose answers are not read",
        crowds: [{
            clients: 1000, take: 0, window: 4096, again: 1,
            request: get("/poll?after=0", HOST).repeat(20),
        }, LARGE],
    },
    junk: {
        what: "subscribers that send junk without end",
        crowds: [{
            clients: 1000, flood: 1, again: 1,
            request: get("/subscribe", HOST),
        }],
    },
    "no-http": {
        what: "junk instead of requests",
        crowds: [{ ...AT_ONCE, clients: 200, flood: 1, request: "" }],
    },
    arrays: {
        what: "posts of 63 KB of `[{},{},…`",
        crowds: [{
            ...AT_ONCE, clients: 40,
            request: post(`[${"{},".repeat(JSON_SIZE / 3)}{}]`, ONCE),
        }],
    },
    deep: {
        what: `posts of ${DEPTH} nested objects, which stay`,
        crowds: [{
            clients: 1000, again: 1,
            request: post(
                `${'{"a":'.repeat(DEPTH - 1)}{}${"}".repeat(DEPTH - 1)}`),
        }],
    },
    threads: {
        what: "GET /threads again and again, beside subscribers",
        crowds: [{
            ...AT_ONCE, clients: 64, whole: true,
            request: get("/threads", ONCE),
        }, { clients: 2000, request: get("/subscribe", HOST) }],
    },
    polls: {
        what: "polls of the whole history",
        crowds: [{
            ...AT_ONCE, clients: 64, whole: true,
            request: get("/poll?after=0", ONCE),
        }, LARGE],
    },
};

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

// What the server may take, by README's limits, in MiB: what it had at the
// start, the history, --max-memory, and for each client a thread with its
// buffers. Malloc needs some room between all these.
function bound(startKib, clients) {
    const history = HISTORY * (BODY_KIB + 4);
    const room = 8 * 1024;
    return Math.ceil((startKib + history + room + clients * 64) / 1024) +
        MEMORY_MIB;
}

async function answers(port) {
    try {
        const response = await fetch(`http://127.0.0.1:${port}/healthz`,
            { signal: AbortSignal.timeout(1000) });
        return (await response.json()).status === "ok";
    } catch {
        return false; // 503 while the crowd leaves, too
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

async function judge(server, result) {
    const faults = [...result.innocent.faults];
    if (server.ended !== undefined) {
        return [...faults, `the server ended with ${server.ended}`];
    }
    if (!await until(() => answers(server.port))) {
        faults.push("the server does not answer");
    }
    const peak = server.peakKib() / 1024;
    if (peak > result.bound) {
        faults.push(`${peak.toFixed(1)} MiB are more than ${result.bound}`);
    }
    result.peakMib = peak;
    const status = await server.stop();
    return status === 0 ? faults
        : [...faults, `the server stopped with ${status}`];
}

export async function attack(name, { seconds, divisor }) {
    const { what, crowds, full } = ATTACKS[name];
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
    const left = await Promise.all(running.map((crowd) => crowd.leave()));
    const result = {
        what, clients: counts[0] ?? 0, opened: left.at(-1)?.opened ?? 0,
        innocent: await innocent.leave(),
        tcpMib: Math.max(0, tcp - tcpBefore) / 1024,
        bound: bound(startKib, clients),
    };
    result.faults = await judge(server, result);
    if (left.some(({ failed }) => failed !== undefined)) {
        result.faults.push("a crowd failed");
    }
    return result;
}
