// A page that "back" wakes from the browser's cache has one stream again, not
// one more.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
    TEST, closeBrowser, launchCachingBrowser, messages, newPage, publish, shows,
    startServer, stateIs,
} from "./helpers.mjs";

const TIMES = 3; // one stream more for each would be eight at the end

before(launchCachingBrowser);
after(closeBrowser);

for (const [name, path, role, options] of [
    ["the chat, with a worker", "/", "subscriber", {}],
    ["the chat, with a leader", "/", "subscriber", { sharedWorker: false }],
    ["the comparison", "/compare.html", "subscriber", {}],
    ["the thread view", "/threads.html", "viewer", {}],
]) {
    test(`${name}: one stream after "back"`, TEST, async (t) => {
        const server = await startServer(t);
        const page = await newPage(t, options);
        await page.addInitScript(() => {
            addEventListener("pageshow", ({ persisted }) => {
                globalThis.woken = persisted;
            });
        });
        await page.goto(server.url + path);
        await stateIs(page, "Live");
        await streams(server, role, 1);
        for (let i = 1; i <= TIMES; i++) {
            await page.goto("data:text/html,somewhere else");
            await page.evaluate(() => setTimeout(() => history.back()));
            await page.waitForURL(server.url + path, { waitUntil: "commit" });
            await page.waitForFunction(() => globalThis.woken);
            await page.evaluate(() => {
                globalThis.woken = false;
            });
            await stateIs(page, "Live");
            await streams(server, role, 1);
        }
        await publish(server, "hello");
        if (path === "/") {
            await shows(page, "hello");
            assert.deepEqual(await messages(page), ["hello"]);
        }
        assert.equal(await count(server, role), 1);
    });
}

// The streams that threads of this role serve now.
async function count(server, role) {
    const answer = await fetch(`${server.url}/threads?mine`);
    const { threads } = await answer.json();
    return threads.filter((thread) => thread.role === role
        && !thread.request.includes("mine")).length;
}

async function streams(server, role, wanted) {
    while (await count(server, role) !== wanted) {
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}
