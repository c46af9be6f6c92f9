// A real server, and real programs that talk to it. Whatever is started here
// is ended here, also on failure.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const STATE_MS = 30000; // how long a busy machine may take for anything
const BINARY = process.env.CRIER ?? path("../../build/crier");

export const TEST = { timeout: 120000 };

// CLIENTS=quick leaves out what is large to install or slow to start.
export const wanted = ({ quick = true }) =>
    quick || process.env.CLIENTS !== "quick";

// Korean, a sign outside the first plane, and what some clients take for the
// end of a line: NEL, LINE SEPARATOR, PARAGRAPH SEPARATOR.
export const TEXTS = [
    "안녕하세요, 여러분! 👋",
    "line\u0085line\u2028line\u2029line",
    'quotes " and \\ and <b>& \t',
];

export function path(relative) {
    return fileURLToPath(new URL(relative, import.meta.url));
}

// Waits until check() returns something, and returns that.
export async function until(what, check) {
    const deadline = Date.now() + STATE_MS;
    for (;;) {
        const value = await check();
        if (value) {
            return value;
        }
        assert.ok(Date.now() < deadline, `never came: ${what}`);
        await sleep(10);
    }
}

const running = new Set();

process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => process.exit(1)); // so that "exit" comes
}

// Its `ended` is its exit status, or a text that says why there is none.
function start(command, args, options) {
    const child = spawn(command, args, options);
    running.add(child);
    child.ended = new Promise((resolve) => {
        child.once("error", ({ code, message }) => resolve(code === "ENOENT"
            ? `${command} is not installed: scripts/install-deps clients`
            : message));
        child.once("close", (status, signal) => resolve(status ?? signal));
    }).then((result) => {
        running.delete(child);
        child.result = result;
        return result;
    });
    return child;
}

async function stop(child, signal = "SIGTERM") {
    const killer = setTimeout(() => child.kill("SIGKILL"), 10000);
    child.kill(signal);
    await child.ended;
    clearTimeout(killer);
}

// The heartbeat is off: it would push out what a client or proxy holds back.
export async function startServer(t, ...args) {
    const child = start(BINARY, [
        "--port", "0", "--heartbeat", "3600", "--retry", "100", "--quiet",
        ...args,
    ], { cwd: path("../.."), stdio: ["ignore", "ignore", "pipe"] });
    t.after(() => stop(child));
    let said = "";
    child.stderr.on("data", (data) => (said += data));
    const [, port] = await until("the server", () => {
        assert.equal(child.result, undefined, said);
        return /^server is running ::(\d+)$/m.exec(said);
    });
    return {
        port: Number(port),
        url: `http://127.0.0.1:${port}`,
        kill: () => stop(child, "SIGKILL"),
    };
}

// Returns the message as the server replied it: { text, timestamp }.
export async function publish(server, text) {
    const response = await fetch(`${server.url}/update`, {
        method: "POST", body: JSON.stringify({ text }),
    });
    assert.equal(response.status, 200);
    return response.json();
}

export async function subscriberCount(server) {
    const health = await fetch(`${server.url}/healthz`);
    return (await health.json()).subscribers;
}

export async function subscribers(server, count) {
    await until(`${count} subscribers`, async () =>
        await subscriberCount(server) === count);
}

// Runs a client, which prints each line of the stream when it has it.
export function runClient(t, [command, ...args], options = {}) {
    const child = start(command, args, {
        cwd: path("."), stdio: ["ignore", "pipe", "pipe"], ...options,
    });
    t.after(() => stop(child));
    let out = "";
    let errors = "";
    let read = 0;
    child.stdout.setEncoding("utf8").on("data", (data) => (out += data));
    child.stderr.setEncoding("utf8").on("data", (data) => (errors += data));

    // The next line that begins so, or undefined. Only \n ends a line here.
    function take(beginning) {
        const lines = out.split("\n").slice(0, -1);
        const found = lines.findIndex((line, i) =>
            i >= read && line.startsWith(beginning));
        if (found < 0) {
            return undefined;
        }
        read = found + 1;
        return lines[found].slice(beginning.length);
    }

    return {
        async next(beginning) {
            const found = () => take(beginning) ??
                (child.result === undefined ? undefined : { ended: true });
            const line = await until(
                `${beginning} from ${command}, it has ${JSON.stringify(out)}`,
                async () => {
                    const value = found();
                    return value === "" ? "\0" : value;
                });
            assert.ok(!line.ended,
                `${command} ended (${child.result}) ${errors} ${out}`);
            return line === "\0" ? "" : line;
        },
        async message() {
            return JSON.parse(await this.next("data: "));
        },
        has: () => out,
        async end() {
            const status = await until(`the end of ${command}`, () =>
                child.result !== undefined && { is: child.result });
            return { status: status.is, errors, out };
        },
        stop: () => stop(child),
    };
}

// A line between a client and a server that can be cut, and lead elsewhere.
export async function startLine(t, server) {
    const sockets = new Set();
    let port = server.port;
    const listener = createServer((client) => {
        sockets.add(client);
        client.on("close", () => sockets.delete(client));
        client.on("error", () => client.destroy());
        if (port === undefined) {
            client.destroy();
            return;
        }
        const upstream = connect(port, "127.0.0.1");
        upstream.on("error", () => client.destroy());
        upstream.on("close", () => client.destroy());
        client.on("close", () => upstream.destroy());
        client.pipe(upstream).pipe(client);
    }).listen(0, "127.0.0.1");
    await once(listener, "listening");
    const cut = () => {
        port = undefined;
        sockets.forEach((socket) => socket.destroy());
    };
    t.after(() => {
        cut();
        listener.close();
    });
    return {
        url: `http://127.0.0.1:${listener.address().port}`,
        cut,
        mend: (to) => (port = to.port),
    };
}

// Not one that the system gives to connections on their way out.
export async function freePort() {
    for (;;) {
        const port = 20000 + Math.floor(Math.random() * 12000);
        const probe = createServer().listen(port, "127.0.0.1");
        const free = await Promise.race([
            once(probe, "listening").then(() => true),
            once(probe, "error").then(() => false, () => false),
        ]).catch(() => false);
        if (free) {
            probe.close();
            await once(probe, "close");
            return port;
        }
    }
}

const isHealthy = ({ url }) =>
    fetch(`${url}/healthz`).then(({ ok }) => ok, () => false);

// Runs a proxy until the end of the test: command(port, directory) says how,
// once it may write there, and isReady({ url, port }) whether it runs.
export async function startProxy(t, command, isReady = isHealthy) {
    const directory = mkdtempSync(join(tmpdir(), "crier-proxy-"));
    chmodSync(directory, 0o777); // some become another user
    const port = await freePort();
    const [name, ...args] = command(port, directory);
    let said = "";
    const child = start(name, args, {
        cwd: directory, stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.on("data", (data) => (said += data));
    child.stderr.on("data", (data) => (said += data));
    t.after(async () => {
        await stop(child);
        rmSync(directory, { recursive: true, force: true });
    });
    const url = `http://127.0.0.1:${port}`;
    await until(`${name} on port ${port}`, async () => {
        assert.equal(child.result, undefined, `${name}: ${said}`);
        return isReady({ url, port });
    });
    return { url, port };
}
