// One server under one load: what bench-load or wrk says about it.

import { execFile } from "node:child_process";
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

// Requests a second over 32 connections, of one thread of wrk's.
export async function wrk(server, urlPath, seconds, script) {
    const { out } = await run("wrk", [
        "-t", "1", "-c", "32", "-d", `${seconds}s`,
        ...(script ? ["-s", path(script)] : []),
        `http://127.0.0.1:${server.port}${urlPath}`,
    ]);
    const rate = /Requests\/sec:\s*([0-9.]+)/.exec(out);
    const trouble = /Non-2xx[^\n]*|Socket errors[^\n]*/.exec(out);
    if (!rate || trouble) {
        throw new Error(`${server.name}: wrk: ${trouble ?? out}`);
    }
    return { requests_per_s: Number(rate[1]) };
}
