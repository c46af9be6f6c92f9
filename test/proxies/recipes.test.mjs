// What passes through each recipe, at / and below /chat/, over both versions of
// HTTP: pages, posts, and every event before the next one is sent.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { TEST, TEXTS, publish, until } from "../clients/helpers.mjs";
import { NAME } from "./certificate.mjs";
import { RECIPES } from "./recipes.mjs";
import { WAYS } from "./wire.mjs";
import { done, hears, opened, startBoth } from "./words.mjs";

const PREFIXES = { "/": "", "/chat/": "/chat" };

// Two readers, and a post through the proxy itself.
async function eachAtOnce(t, setting, way, prefix) {
    const { proxy } = await startBoth(t, setting);
    const [one, two] = [WAYS[way](t, proxy), WAYS[way](t, proxy)];
    const streams = [await opened(one, `${prefix}/subscribe`),
        await opened(two, `${prefix}/subscribe`)];
    for (const count of TEXTS.keys()) {
        const post = await done(one.request("POST", `${prefix}/update`,
            { origin: `https://${NAME}` },
            JSON.stringify({ text: TEXTS[count] })));
        assert.equal(post.status, 200);
        for (const stream of streams) {
            await hears(stream, TEXTS.slice(0, count + 1));
        }
    }
}

async function pages(t, setting, way, prefix) {
    const { proxy } = await startBoth(t, setting);
    const client = WAYS[way](t, proxy);
    for (const [path, type] of [["/", "text/html"], ["/style.css", "text/css"],
        ["/script.js", "text/javascript"]]) {
        const page = await done(client.request("GET", prefix + path));
        assert.equal(page.status, 200);
        assert.equal(page.end, "end");
        assert.ok(page.headers["content-type"].startsWith(type), path);
        assert.equal(page.headers["content-encoding"], "gzip", path);
    }
}

// crier says where a folder is, and knows no prefix.
async function redirects(t, setting) {
    const folder = mkdtempSync(join(tmpdir(), "crier-public-"));
    t.after(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, "more"));
    writeFileSync(join(folder, "more/index.html"), "more");
    const { proxy } = await startBoth(t, setting,
        { args: ["--public", folder] });
    const client = WAYS[setting.ways[0]](t, proxy);
    for (const [from, to] of [["/more", "/more/"], ["/chat", "/chat/"],
        ["/chat/more", "/chat/more/"]]) {
        const { status, headers } = await done(client.request("GET", from));
        assert.equal(status, 301, from);
        assert.equal(new URL(headers.location, `https://${NAME}`).pathname, to);
    }
    const more = await done(client.request("GET", "/chat/more/"));
    assert.equal(more.text, "more");
}

async function lastEventId(t, setting, way) {
    const { server, proxy } = await startBoth(t, setting);
    const [first, ...rest] = TEXTS;
    const { timestamp } = await publish(server, first);
    for (const text of rest) {
        await publish(server, text);
    }
    const stream = await opened(WAYS[way](t, proxy), "/subscribe",
        { "last-event-id": String(timestamp) });
    await hears(stream, rest);
}

// A stream that begins with much is not compressed, nor held back, either.
async function replays(t, setting, way) {
    const { server, proxy } = await startBoth(t, setting);
    const texts = ["x".repeat(60000), "y".repeat(600)];
    for (const text of texts) {
        await publish(server, text);
    }
    const stream = await opened(WAYS[way](t, proxy),
        "/subscribe?lastEventId=0");
    await hears(stream, texts);
    await publish(server, "now");
    await hears(stream, [...texts, "now"]);
}

async function largeBodies(t, setting, way) {
    const { proxy } = await startBoth(t, setting);
    const client = WAYS[way](t, proxy);
    const body = (size) => {
        const empty = JSON.stringify({ text: "" });
        return JSON.stringify({ text: "x".repeat(size - empty.length) });
    };
    const fits = await done(client.request("POST", "/update", {}, body(65536)));
    assert.equal(fits.status, 200);
    assert.equal(JSON.parse(fits.text).text.length, 65536 - 11);
    const large =
        await done(client.request("POST", "/update", {}, body(65537)));
    assert.equal(large.status, 413);
    const { status } = await done(client.request("GET", "/healthz"));
    assert.equal(status, 200);
}

// The proxy asks crier on connections that it keeps.
async function keepsConnections(t, setting) {
    const { server, proxy } = await startBoth(t, setting);
    const client = WAYS[setting.ways[0]](t, proxy);
    const count = async () => {
        const text = await (await fetch(`${server.url}/metrics`)).text();
        return Number(/^crier_connections_total (\d+)$/m.exec(text)[1]);
    };
    const before = await count();
    for (let i = 0; i < 20; i++) {
        const { status } = await done(client.request("GET", "/healthz"));
        assert.equal(status, 200);
    }
    const fresh = await count() - before;
    assert.ok(fresh < 10, `${fresh} connections for 20 requests`);
}

// The flood of one address leaves the others alone, whatever it says it is.
async function tellsAddresses(t, setting, way) {
    const { proxy } = await startBoth(t, setting, { args: ["--rate", "1"] });
    const post = (client, headers) => done(client.request("POST", "/update",
        headers, JSON.stringify({ text: "hello" })));
    const one = WAYS[way](t, proxy, { localAddress: "127.0.0.2" });
    const two = WAYS[way](t, proxy, { localAddress: "127.0.0.3" });
    await until("429", async () => {
        const address = `10.0.0.${Math.floor(Math.random() * 250)}`;
        const { status } = await post(one, { "x-forwarded-for": address });
        return status === 429;
    });
    assert.equal((await post(two)).status, 200);
}

for (const [name, setting] of Object.entries(RECIPES)) {
    describe(name, { concurrency: 4 }, () => {
        for (const way of setting.ways) {
            for (const [place, prefix] of Object.entries(PREFIXES)) {
                test(`${way}, ${place}: each event comes at once`, TEST,
                    (t) => eachAtOnce(t, setting, way, prefix));
                test(`${way}, ${place}: pages are compressed`, TEST,
                    (t) => pages(t, setting, way, prefix));
            }
            for (const [what, run] of Object.entries({
                "Last-Event-ID passes": lastEventId,
                "a long replay comes at once": replays,
                "bodies of 64 KiB pass, larger ones are a 413": largeBodies,
                "--rate tells addresses apart": tellsAddresses,
            })) {
                test(`${way}: ${what}`, TEST, (t) => run(t, setting, way));
            }
        }
        test("redirects keep the prefix", TEST, (t) => redirects(t, setting));
        test("connections to crier are kept", TEST,
            (t) => keepsConnections(t, setting));
    });
}
