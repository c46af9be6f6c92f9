// A real server and a real browser for each test, and words for what a reader
// sees on the page. Whatever is started here is ended here, also on failure.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import { chromium } from "playwright-core";
import { logOf } from "./logs.mjs";

const BINARY = process.env.CRIER ?? path("../../build/crier");
const ROOT = path("../..");
const STATE_MS = 60000; // a reconnect takes up to 5 s, on a busy machine more
const STOP_MS = 10000; // the server itself gives its clients 5 s

export const TEST = { timeout: 240000 };
export const HISTORY_GAP = "Older messages are no longer kept.";
export const MISSED_GAP = "Some messages were missed here.";

function path(relative) {
    return fileURLToPath(new URL(relative, import.meta.url));
}

// A module of the pages that imports nothing. Node needs to be told that it is
// a module, since the pages have no package.json.
export function loadModule(name) {
    const source = readFileSync(path(`../../public/${name}`)).toString("base64");
    return import(`data:text/javascript;base64,${source}`);
}

// Server

const running = new Set();

process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => process.exit(1)); // so that "exit" comes
}

// Each server of a test appends to the same file; test/browser/run.mjs removes
// it once the test has passed.
function openLog(t) {
    const file = basename(process.argv[1], ".test.mjs");
    const log = logOf(`${file}/${t.name}`);
    mkdirSync(dirname(log), { recursive: true });
    return createWriteStream(log, { flags: "a" });
}

// Starts a server that lives until its stop() or the end of the test.
export async function startServer(t, { port = 0, args = [] } = {}) {
    const child = spawn(BINARY, [
        "--host", "127.0.0.1", "--port", String(port), ...args,
    ], { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"] });
    running.add(child);
    const ended = new Promise((resolve) => {
        child.once("error", (error) => resolve(error.message));
        child.once("exit", (code, signal) => resolve(code ?? signal));
    }).finally(() => running.delete(child));

    async function stop() {
        const killer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
        child.kill("SIGTERM");
        assert.equal(await ended, 0, "exit status of the server");
        clearTimeout(killer);
    }
    let stopped;
    const stopOnce = () => (stopped ??= stop());
    t.after(stopOnce);

    child.stderr.pipe(openLog(t));
    const lines = createInterface(child.stderr);
    const first = await Promise.race([once(lines, "line"), ended]);
    const found = /^server is running ::(\d+)$/.exec(first);
    assert.ok(found, `server did not start: ${first}`);
    const url = `http://127.0.0.1:${found[1]}`;
    return { url, port: Number(found[1]), stop: stopOnce };
}

// Returns the published message: { text, timestamp }.
export async function publish(server, text) {
    const response = await fetch(`${server.url}/update`, {
        method: "POST",
        body: JSON.stringify({ text }),
    });
    assert.equal(response.status, 200);
    return response.json();
}

export async function publishAll(server, texts) {
    for (const text of texts) {
        await publish(server, text);
    }
}

export async function subscribers(server, count) {
    const deadline = Date.now() + STATE_MS;
    for (;;) {
        const answer = await fetch(`${server.url}/healthz`);
        const health = await answer.json();
        if (health.subscribers === count || Date.now() > deadline) {
            assert.equal(health.subscribers, count);
            return;
        }
        await pause();
    }
}

// Asks GET /threads until the answer is the wanted one, and returns it.
export async function look(server, wanted) {
    for (;;) {
        const answer = await (await fetch(`${server.url}/threads`)).json();
        if (wanted(answer)) {
            return answer;
        }
        await pause();
    }
}

// Between two looks at a server, which has other things to do.
export function pause() {
    return new Promise((resolve) => setTimeout(resolve, 50));
}

// Subscribers that read, until the end of the test. Returns once all wait.
export async function subscribe(t, server, count) {
    for (let i = 0; i < count; i++) {
        const socket = createConnection(server.port, "127.0.0.1");
        socket.on("error", () => {});
        socket.resume();
        socket.write("GET /subscribe HTTP/1.1\r\nHost: localhost\r\n\r\n");
        t.after(() => socket.destroy());
    }
    await look(server, ({ store }) => store.idle === count);
}

// Browser

let browser;

// Chromium's sandbox refuses to work for root, and needs namespaces, which not
// every machine allows. Only there it is left out.
function sandboxWorks() {
    return process.getuid() !== 0 && spawnSync("unshare", [
        "--user", "--map-root-user", "--pid", "--net", "--fork", "true",
    ]).status === 0;
}

// The shell has Chromium's pages without the windows around them, whose work is
// more than that of the pages.
const SHELL = {
    executablePath: "/usr/bin/chromium-headless-shell",
    chromiumSandbox: sandboxWorks(),
    args: [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ],
};

export async function launchBrowser(_, args = []) {
    browser = await chromium.launch({
        ...SHELL,
        args: [...SHELL.args, ...args],
    });
}

// The whole of Chromium: it sends all fields of a request, and has settings and
// the back/forward cache, which Playwright turns off.
export const CHROMIUM = {
    ...SHELL,
    executablePath: "/usr/bin/chromium",
    args: [...SHELL.args, "--enable-features=BackForwardCache"],
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
};

export async function launchWholeBrowser() {
    browser = await chromium.launch(CHROMIUM);
}

// A browser of its own, whose settings block all cookies.
export async function launchWithoutCookies(t) {
    const profile = await mkdtemp(join(tmpdir(), "crier-browser-"));
    let context;
    // In this order: a browser that runs writes into its profile.
    t.after(async () => {
        await context?.close();
        await rm(profile, { recursive: true, force: true });
    });
    await mkdir(join(profile, "Default"));
    await writeFile(join(profile, "Default", "Preferences"), JSON.stringify({
        profile: { default_content_setting_values: { cookies: 2 } },
    }));
    context = await chromium.launchPersistentContext(profile, CHROMIUM);
    context.setDefaultTimeout(STATE_MS);
    return context;
}

export async function closeBrowser() {
    await browser?.close();
}

// A browser of a reader's own: its tabs share cookies, cache, connections and
// the stream. Without SharedWorker, the stream is a tab's own business. Nothing
// moves on the pages unless a test is about that: what moves costs time.
export async function newContext(t, { sharedWorker = true, ...options } = {}) {
    const context = await browser.newContext({
        reducedMotion: "reduce", ...options,
    });
    t.after(() => context.close());
    context.setDefaultTimeout(STATE_MS);
    if (!sharedWorker) {
        await context.addInitScript(() => {
            delete globalThis.SharedWorker;
        });
    }
    return context;
}

export async function newPage(t, options) {
    return (await newContext(t, options)).newPage();
}

export async function openTab(context, server) {
    const page = await context.newPage();
    await page.goto(server.url);
    await stateIs(page, "Live");
    return page;
}

export async function openChat(t, server, options) {
    return openTab(await newContext(t, options), server);
}

export function field(page) {
    return page.getByRole("textbox", { name: "Message" });
}

export async function say(page, text) {
    await field(page).fill(text);
    await field(page).press("Enter");
}

export async function stateIs(page, text) {
    const state = page.getByRole("status");
    await state.and(page.getByText(text)).waitFor();
}

export async function shows(page, text) {
    const line = page.getByRole("log").getByText(text, { exact: true });
    await line.waitFor({ state: "attached" });
}

// The texts of all messages on the page, oldest first.
export function messages(page) {
    return page.locator("#messages .message p").allTextContents();
}

// What stands between the messages: gaps, without the lines for the days.
export function gaps(page) {
    return page.locator("#messages .gap").allTextContents();
}

export function numbered(word, count) {
    return Array.from({ length: count }, (_, i) => `${word} ${i + 1}`);
}

// Collects what goes wrong on a page from now on.
export function watch(page) {
    const problems = [];
    const requested = [];
    page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) {
            problems.push(message.text());
        }
    });
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("requestfailed", (request) => problems.push(request.url()));
    page.on("request", (request) => requested.push(request.url()));
    page.on("response", (response) => {
        if (response.status() >= 400) {
            problems.push(`${response.status()} ${response.url()}`);
        }
    });
    return { problems, requested };
}

// What axe-core finds on the page as it is. Its options may choose the rules.
export async function violations(page, options = {}) {
    if (!await page.evaluate("globalThis.axe !== undefined")) {
        await page.evaluate(axe.source);
    }
    return page.evaluate(async (chosen) => {
        const result = await axe.run(chosen);
        return result.violations.map(({ id, nodes }) =>
            `${id}: ${nodes.map((node) => node.html).join(" ")}`);
    }, options);
}

// Takes a picture of the page; only `make screenshots` keeps it.
export function take(page, name) {
    const folder = process.env.SCREENSHOTS;
    return page.screenshot({ path: folder && join(folder, name) });
}

// Events that Playwright, or a test, cannot have from the browser itself.
export function fire(page, type) {
    return page.evaluate((name) => {
        dispatchEvent(new PageTransitionEvent(name, { persisted: true }));
    }, type);
}
