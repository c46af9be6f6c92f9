// A server of its own for each part, and what it costs.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const STATE_MS = 60000; // how long a busy machine may take for anything
const BINARY = process.env.CRIER ?? path("../../build/crier");

export function path(relative) {
    return fileURLToPath(new URL(relative, import.meta.url));
}

// Waits until check() is true, and says whether it became so in time.
export async function until(check, ms = STATE_MS) {
    for (const deadline = Date.now() + ms; !await check(); await sleep(20)) {
        if (Date.now() > deadline) {
            return false;
        }
    }
    return true;
}

const running = new Set();

process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => process.exit(1)); // so that "exit" comes
}

// A child process that does not outlive this one. `ended` is its exit status,
// or the signal that ended it, once it is known.
export function start(command, args, options) {
    const child = spawn(command, args, options);
    running.add(child);
    child.once("error", (error) => {
        throw error;
    });
    child.gone = once(child, "exit").then(([status, signal]) => {
        running.delete(child);
        child.ended = status ?? signal;
        return child.ended;
    });
    return child;
}

// KiB of a process, by a name such as "VmRSS".
function kib(pid, name) {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(new RegExp(`^${name}:\\s*(\\d+) kB`, "m").exec(status)[1]);
}

// KiB that all TCP sockets of the machine hold, at both of their ends.
export function tcpKib() {
    const stat = readFileSync("/proc/net/sockstat", "utf8");
    return 4 * Number(/^TCP:.* mem (\d+)$/m.exec(stat)[1]);
}

export async function startServer(...args) {
    const child = start(BINARY, ["--port", "0", "--quiet", ...args],
        { cwd: path("../.."), stdio: ["ignore", "ignore", "pipe"] });
    let log = "";
    child.stderr.setEncoding("utf8").on("data", (data) => (log += data));
    let port;
    await until(() => {
        port = /^server is running ::(\d+)$/m.exec(log)?.[1];
        return port || child.ended !== undefined;
    });
    if (!port || child.ended !== undefined) {
        throw new Error(`the server does not start: ${log}`);
    }
    return {
        port: Number(port),
        get log() { return log; },
        get ended() { return child.ended; },
        residentKib: () => kib(child.pid, "VmRSS"),
        peakKib: () => kib(child.pid, "VmHWM"), // since it started
        // Its exit status, 0 if all is well.
        async stop() {
            child.kill("SIGTERM");
            await until(() => child.ended !== undefined);
            child.kill("SIGKILL");
            return child.gone;
        },
    };
}
