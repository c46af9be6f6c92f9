// crier and its peers, each started on a free port with as much of its own
// output switched off as it can, and ended by its process id, whatever happens.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const START_MS = 10000;
const STOP_MS = 10000;

export function path(relative) {
    return fileURLToPath(new URL(relative, import.meta.url));
}

const CRIER = process.env.CRIER ?? path("../../build/crier");
const SQLITE = process.env.CRIER_SQLITE ?? path("../../build/sqlite/crier");
const NGINX = "/usr/sbin/nginx"; // not in everybody's PATH
const PUBLIC = path("../../public");

export function openFilesLimit() {
    return Number(execFileSync("sh", ["-c", "ulimit -Hn"], { encoding: "utf8" })
        .replace("unlimited", "1048576"));
}

// crier with a journal in the directory; see journal.mjs.
function journal(sync, history = "1000") {
    return (port, directory) => [
        SQLITE, "--quiet", "--port", port, "--public", PUBLIC, "--sync", sync,
        "--journal", join(directory, "chat.db"), "--history", history,
        "--keep", "1000000",
    ];
}

// What to run, given a free port and an empty directory.
const COMMANDS = {
    crier: (port) => [CRIER, "--quiet", "--port", port, "--public", PUBLIC],
    nchan: (port, directory) => {
        const values = {
            DIRECTORY: directory, PORT: port, PUBLIC, FILES: openFilesLimit(),
        };
        const template = readFileSync(path("nginx.conf"), "utf8");
        const file = join(directory, "nginx.conf");
        writeFileSync(file, template.replace(/@([A-Z]+)@/g, (_, name) =>
            values[name]));
        // Else its workers are of another user, who may not read all this.
        const user = process.getuid() === 0 ? ["-g", "user root;"] : [];
        return [NGINX, "-p", directory, "-c", file, ...user,
            "-e", join(directory, "error.log")];
    },
    node: (port) => [process.execPath, path("peer.mjs"), port],
    loop: (port) => [path("../../build/bench-loop"), port],
    bare: (port) => [path("../../build/bench-bare"), port],
    always: journal("always"),
    second: journal("second"),
    never: journal("never"),
    returning: journal("never", "10"),
};

export const NAMES = {
    crier: "crier", nchan: "nchan", node: "Node", loop: "loop", bare: "bare",
    always: "--sync always", second: "--sync second", never: "--sync never",
};

const running = new Map(); // child -> its directory

function sweep() {
    for (const [child, directory] of running) {
        child.kill("SIGTERM");
        rmSync(directory, { recursive: true, force: true });
    }
}

process.on("exit", sweep);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => process.exit(1)); // so that "exit" comes
}

async function freePort() {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address();
    await new Promise((resolve) => server.close(resolve));
    return port;
}

function accepts(port) {
    return new Promise((resolve) => {
        const socket = connect(port, "127.0.0.1");
        socket.once("connect", () => resolve(true) ?? socket.destroy());
        socket.once("error", () => resolve(false));
    });
}

async function waitUntilItAccepts(name, port, child) {
    const start = Date.now();
    while (!await accepts(port)) {
        if (child.exitCode !== null || Date.now() - start > START_MS) {
            throw new Error(`${name} does not start`);
        }
        await sleep(20);
    }
}

async function stop(child, ended) {
    const killer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    child.kill("SIGTERM");
    await ended;
    clearTimeout(killer);
    rmSync(running.get(child), { recursive: true, force: true });
    running.delete(child);
}

// { name, port, pid, stop }: a server that accepts connections.
export async function startServer(name, environment = {}) {
    const directory = mkdtempSync(join(tmpdir(), "crier-bench."));
    const port = await freePort();
    const [command, ...args] = COMMANDS[name](String(port), directory);
    const child = spawn(command, args, {
        stdio: "ignore", env: { ...process.env, ...environment },
    });
    running.set(child, directory);
    const ended = new Promise((resolve) => {
        child.once("error", resolve);
        child.once("exit", resolve);
    });
    const server = {
        name, port, pid: child.pid, stop: () => stop(child, ended),
    };
    try {
        await waitUntilItAccepts(name, port, child);
    } catch (error) {
        await server.stop();
        throw error;
    }
    return server;
}
