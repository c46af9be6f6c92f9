// scripts/https as somebody uses it who has an empty home directory: one
// command, a browser that trusts it, many tabs, Ctrl-C, and all of it undone.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync }
    from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { closeBrowser, launchBrowser, newContext, openTab, shows }
    from "../browser/helpers.mjs";
import { TEST, freePort, path, publish, startServer, subscribers, until }
    from "../clients/helpers.mjs";

const TABS = 8; // over HTTP/1.1, Chromium has six connections to a server

const script = path("../../scripts/https");

after(closeBrowser);

function emptyHome(t) {
    const home = mkdtempSync(join(tmpdir(), "crier-home-"));
    t.after(() => rmSync(home, { recursive: true, force: true }));
    return home;
}

function environment(home) {
    const { XDG_CONFIG_HOME, XDG_DATA_HOME, ...rest } = process.env;
    return { ...rest, HOME: home };
}

const certutil = (store, ...args) =>
    execFileSync("certutil", ["-d", `sql:${store}`, ...args],
        { encoding: "utf8" });

// Where Firefox keeps its profiles, until version 146 and since.
function firefoxProfiles(home) {
    return [".mozilla", ".config/mozilla"].map((place) => {
        const store = join(home, place, "firefox/abc.default-esr");
        mkdirSync(store, { recursive: true });
        certutil(store, "-N", "--empty-password");
        return store;
    });
}

// In a process group of its own, as a terminal does it.
async function startScript(t, home, ...args) {
    const port = await freePort();
    const child = spawn(script, ["-p", port, ...args], {
        env: environment(home), detached: true,
        stdio: ["ignore", "ignore", "pipe"],
    });
    const run = { port, url: `https://localhost:${port}/`, said: "" };
    child.stderr.on("data", (data) => (run.said += data));
    child.on("close", (status) => (run.status = status));
    run.ctrlC = async () => {
        process.kill(-child.pid, "SIGINT");
        await until("the end of scripts/https", () => "status" in run);
    };
    t.after(async () => "status" in run || run.ctrlC());
    await until("scripts/https", () => "status" in run ||
        /^https: open .* Ctrl-C stops$/m.test(run.said));
    return run;
}

const answers = (port) =>
    fetch(`http://127.0.0.1:${port}/healthz`).then(() => true, () => false);

test("one command: crier and Caddy, eight tabs, Ctrl-C, undone", TEST,
    async (t) => {
        const home = emptyHome(t);
        const upstream = await freePort();
        const stores = [join(home, ".pki/nssdb"), ...firefoxProfiles(home)];
        const run = await startScript(t, home, "-t", String(upstream));
        assert.match(run.said, /starts crier on port \d+, and Caddy/);
        for (const store of stores) {
            assert.ok(run.said.includes(`${store} trusts the authority`), store);
        }

        process.env.HOME = home;
        await launchBrowser(t);
        const context = await newContext(t, { sharedWorker: false });
        await context.addInitScript(() => {
            delete Navigator.prototype.locks; // a stream for each tab
        });
        const tabs = [];
        while (tabs.length < TABS) {
            tabs.push(await openTab(context, run));
        }
        const server = { url: `http://127.0.0.1:${upstream}` };
        await subscribers(server, TABS);
        await publish(server, "hello, all of you");
        for (const tab of tabs) {
            await shows(tab, "hello, all of you");
        }
        const [{ nextHopProtocol }] = await tabs[0].evaluate(() =>
            performance.getEntriesByType("navigation")
                .map((entry) => entry.toJSON()));
        assert.equal(nextHopProtocol, "h2");

        await run.ctrlC();
        assert.equal(run.status, 0);
        assert.equal(await answers(upstream), false);
        const trusted = () => stores.map((store) => certutil(store, "-L"))
            .filter((list) => list.includes("crier's authority")).length;
        assert.equal(trusted(), stores.length);
        execFileSync(script, ["-r"], { env: environment(home), stdio: "pipe" });
        assert.equal(trusted(), 0);
        assert.equal(existsSync(join(home, ".local/share/crier/https")), false);
    });

test("in front of a crier that runs, which stays", TEST, async (t) => {
    const home = emptyHome(t);
    const server = await startServer(t);
    const run = await startScript(t, home, String(server.port));
    assert.match(run.said, /starts Caddy in front of the crier on port/);
    assert.equal(existsSync(join(home, ".pki")), false, "it trusts unasked");
    const root = join(home,
        ".local/share/crier/https/caddy/pki/authorities/local/root.crt");
    const curl = (...args) => execFileSync("curl", ["-q", "-sS", "--http2",
        "--cacert", root, "-w", " HTTP/%{http_version}", ...args],
    { encoding: "utf8", stdio: "pipe" });
    assert.match(curl("-d", '{"text":"hello"}', `${run.url}update`),
        /"hello".* HTTP\/2$/);
    assert.match(curl(`${run.url}subscribe?limit=1&lastEventId=0`), /"hello"/);
    await run.ctrlC();
    assert.equal(run.status, 0);
    assert.equal(await answers(server.port), true);
    execFileSync(script, ["-r"], { env: environment(home), stdio: "pipe" });
    assert.deepEqual(readdirSync(home, { recursive: true }).sort(),
        [".local", ".local/share"]);
});

test("-n: a crier that may take strangers for this machine is refused", TEST,
    async (t) => {
        const home = emptyHome(t);
        const name = ["--server-name", "laptop.example"];
        for (const args of [[], name, ["--trust-proxy", "127.0.0.1"]]) {
            const server = await startServer(t, ...args);
            const run = await startScript(t, home, "-n", "laptop.example",
                String(server.port));
            assert.equal(run.status, 1);
            assert.match(run.said, /with --server-name laptop.example --trust/);
        }
        const server = await startServer(t, ...name,
            "--trust-proxy", "127.0.0.1");
        const run = await startScript(t, home, "-n", "laptop.example",
            String(server.port));
        assert.match(run.said, /laptop\.example:\d+\/ for the whole network/);
    });

test("a port in use, and a server that is none of ours", TEST,
    async (t) => {
        const home = emptyHome(t);
        const other = createServer((_, answer) => answer.end("hello"));
        t.after(() => other.close());
        await new Promise((resolve) => other.listen(0, "127.0.0.1", resolve));
        const { port } = other.address();
        const none = await startScript(t, home, String(port));
        assert.equal(none.status, 1);
        assert.match(none.said, /on port \d+ is no crier/);

        const server = await startServer(t);
        const taken = await startScript(t, home, "-p", String(port),
            String(server.port));
        assert.equal(taken.status, 1);
        assert.match(taken.said, /address already in use/);
    });
