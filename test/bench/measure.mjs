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
