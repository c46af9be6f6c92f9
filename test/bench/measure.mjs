// One server under one load: what bench-load or wrk says about it.

import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { path } from "./servers.mjs";

const LOAD = process.env.BENCH_LOAD ?? path("../../build/bench-load");

function run(command, args) {
    return new Promise((resolve, reject) => {
        execFile(command, args, (error, out, err) => {
            if (error && typeof error.code !== "number") {
                return reject(error);
            }
            resolve({ status: error?.code ?? 0, out, err: err.trim() });
        });
    });
}

// bench-load's figures, with `faulty` if not all was as it should be. Options
// are its own: { subscribers: 1000, rate: 20, ... }.
export async function load(server, options) {
    const args = Object.entries({
        port: server.port, pid: server.pid, ...options,
    }).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const { status, out, err } = await run(LOAD, args);
    if (!out) {
        throw new Error(`${server.name}: ${err || `bench-load: ${status}`}`);
    }
    return { ...JSON.parse(out), faulty: status !== 0 };
}

function describe(server, program, { out, err, status }) {
    return new Error(`${server.name}: ${err || out || `${program}: ${status}`}`);
}

// What bench-storm says: so many clients come back at once.
export async function storm(server, clients) {
    const result = await run(path("../../build/bench-storm"),
        [String(server.port), String(clients)]);
    if (!result.out) {
        throw describe(server, "bench-storm", result);
    }
    return { ...JSON.parse(result.out), faulty: result.status !== 0 };
}

// Posts a second by curl, which scripts use: a process for each, 8 at a time.
export async function curl(server, posts) {
    const start = performance.now();
    const result = await run("sh", ["-c",
        'seq "$1" | xargs -P 8 -I "{}" curl -q -s -f -o /dev/null ' +
        '--noproxy "*" -d \'{"text":"hello"}\' --url "$2{}"', "sh",
        String(posts), `http://127.0.0.1:${server.port}/update#`]);
    if (result.status !== 0) {
        throw describe(server, "curl", result);
    }
    const seconds = (performance.now() - start) / 1000;
    return { requests_per_s: posts / seconds };
}

// XADDs a second of so many clients, straight to the broker.
export async function redisBenchmark(server, clients) {
    const result = await run("redis-benchmark", [
        "-p", String(server.port), "-c", String(clients), "-n",
        String(Math.min(20000, 3000 * clients)), "--csv", "XADD", "crier",
        "MAXLEN", "~", "1001", "*", "data", '{"text":"hello"}',
    ]);
    const rate = /^"XADD[^\n]*?","([0-9.]+)"/m.exec(result.out);
    if (result.status !== 0 || !rate) {
        throw describe(server, "redis-benchmark", result);
    }
    return Number(rate[1]);
}

// Requests a second over 32 connections, of one thread of wrk's.
export async function wrk(server, urlPath, seconds, options = []) {
    const { out } = await run("wrk", [
        "-t", "1", "-c", "32", "-d", `${seconds}s`, ...options,
        `http://127.0.0.1:${server.port}${urlPath}`,
    ]);
    const rate = /Requests\/sec:\s*([0-9.]+)/.exec(out);
    const trouble = /Non-2xx[^\n]*|Socket errors[^\n]*/.exec(out);
    if (!rate || trouble) {
        throw new Error(`${server.name}: wrk: ${trouble ?? out}`);
    }
    return { requests_per_s: Number(rate[1]) };
}

// The same for answers that say that the file has not changed.
export async function wrkUnchanged(server, urlPath, seconds) {
    const url = `http://127.0.0.1:${server.port}${urlPath}`;
    const etag = (await fetch(url)).headers.get("etag");
    const headers = { "If-None-Match": etag };
    if ((await fetch(url, { headers })).status !== 304) {
        throw new Error(`${server.name}: it sends what it has sent`);
    }
    return wrk(server, urlPath, seconds, ["-H", `If-None-Match: ${etag}`]);
}

// What the process and its threads have used; workers of nginx are processes.
function cpuMs(pid) {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    const ticks = [pid, ...children.split(" ").filter(Boolean)].map((one) => {
        const fields = readFileSync(`/proc/${one}/stat`, "utf8").split(" ");
        return Number(fields[13]) + Number(fields[14]);
    });
    return 10 * ticks.reduce((sum, n) => sum + n);
}

// Sends the head in pieces, each in a packet of its own.
async function sendInPieces(port, head, size) {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    await once(socket, "connect");
    for (let at = 0; at < head.length; at += size) {
        socket.write(head.slice(at, at + size));
        await new Promise(setImmediate);
    }
    const [answer] = await once(socket, "data");
    socket.destroy();
    return answer.toString("latin1", 0, 12);
}

// The server's CPU time for a head of 8 KiB that comes in small pieces.
export async function pieces(server, heads) {
    const head = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" +
        `X: ${"x".repeat(2000)}\r\n`.repeat(4) + "\r\n";
    const before = cpuMs(server.pid);
    for (let i = 0; i < heads; i++) {
        const status = await sendInPieces(server.port, head, 8);
        if (status !== "HTTP/1.1 200") {
            throw new Error(`${server.name}: ${status}`);
        }
    }
    return { cpu_ms_per_head: (cpuMs(server.pid) - before) / heads };
}
