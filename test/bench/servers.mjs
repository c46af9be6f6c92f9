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
const KINDS = process.env.CRIER_KINDS ?? path("../../build/kinds/crier");
const NGINX = "/usr/sbin/nginx"; // not in everybody's PATH
const PUBLIC = path("../../public");

export function openFilesLimit() {
    return Number(execFileSync("sh", ["-c", "ulimit -Hn"], { encoding: "utf8" })
        .replace("unlimited", "1048576"));
}

// crier with a journal in the directory; see journal.mjs.
function journal(sync, history = "1000") {
    return (port, directory) => [
        KINDS, "--quiet", "--port", port, "--public", PUBLIC, "--sync", sync,
        "--journal", join(directory, "chat.db"), "--history", history,
        "--keep", "1000000",
    ];
}

// crier with a broker; the history as long as that of nchan.
function shared(port, directory, broker) {
    return [
        KINDS, "--quiet", "--port", port, "--public", PUBLIC,
        "--redis", `redis://127.0.0.1:${broker}`,
    ];
}

// When a broker of its own writes to the disk, for those that need one.
const FSYNC = {
    redis: "always", everysec: "everysec", "nchan-redis": "always",
    broker: "always",
};

function brokerCommand(port, directory, fsync) {
    return ["redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "",
        "--dir", directory, "--appendonly", "yes", "--appendfsync", fsync];
}

function nchan(port, directory, broker) {
    const values = {
        DIRECTORY: directory, PORT: port, PUBLIC, FILES: openFilesLimit(),
        REDIS: broker ? `nchan_redis_url "redis://127.0.0.1:${broker}"; ` +
            "nchan_use_redis on;" : "",
    };
    const template = readFileSync(path("nginx.conf"), "utf8");
    const file = join(directory, "nginx.conf");
    writeFileSync(file, template.replace(/@([A-Z]+)@/g, (_, name) =>
        values[name]));
    // Else its workers are of another user, who may not read all this.
    const user = process.getuid() === 0 ? ["-g", "user root;"] : [];
    return [NGINX, "-p", directory, "-c", file, ...user,
        "-e", join(directory, "error.log")];
}

// What to run, given a free port, an empty directory, and a broker's port.
const COMMANDS = {
    crier: (port) => [CRIER, "--quiet", "--port", port, "--public", PUBLIC],
    nchan,
    node: (port) => [process.execPath, path("peer.mjs"), port],
    loop: (port) => [path("../../build/bench-loop"), port],
    bare: (port) => [path("../../build/bench-bare"), port],
    always: journal("always"),
    second: journal("second"),
    never: journal("never"),
    returning: journal("never", "10"),
    redis: shared,
    everysec: shared,
    "nchan-redis": nchan,
    broker: (port, directory) => brokerCommand(port, directory, FSYNC.broker),
};

export const NAMES = {
    crier: "crier", nchan: "nchan", node: "Node", loop: "loop", bare: "bare",
    always: "--sync always", second: "--sync second", never: "--sync never",
    redis: "--redis, appendfsync always",
    everysec: "--redis, appendfsync everysec",
    "nchan-redis": "nchan with Redis, appendfsync always",
    broker: "redis-benchmark XADD, appendfsync always",
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

async function startChild(name, command, port, directory, environment) {
    const child = spawn(command[0], command.slice(1), {
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

const makeDirectory = () => mkdtempSync(join(tmpdir(), "crier-bench."));

async function startBroker(name) {
    const port = await freePort(), directory = makeDirectory();
    return startChild("redis-server",
        brokerCommand(String(port), directory, FSYNC[name]), port, directory);
}

// { name, port, pid, stop }: a server that accepts connections.
export async function startServer(name, environment = {}) {
    const needs = name in FSYNC && name !== "broker";
    const broker = needs ? await startBroker(name) : null;
    const directory = makeDirectory(), port = await freePort();
    const command = COMMANDS[name](String(port), directory, broker?.port);
    try {
        const server =
            await startChild(name, command, port, directory, environment);
        return { ...server, stop: async () => {
            await server.stop();
            await broker?.stop();
        } };
    } catch (error) {
        await broker?.stop();
        throw error;
    }
}
