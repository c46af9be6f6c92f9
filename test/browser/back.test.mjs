// A page that "back" wakes from the browser's cache has one stream again, not
// one more.
//
// A page with a worker has a second tab beside it: some versions of Chromium do
// not cache a page whose worker serves no other one
// (performance.getEntriesByType("navigation")[0].notRestoredReasons tells).

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
    TEST, closeBrowser, launchWholeBrowser, messages, newPage, pause, publish,
    shows, startServer, stateIs,
} from "./helpers.mjs";

const TIMES = 3; // one stream more for each would be eight at the end

before(launchWholeBrowser);
after(closeBrowser);

for (const [name, path, role, options, beside] of [
    ["the chat, with a worker", "/", "subscriber", {}, "a second tab"],
    ["the chat, with a leader", "/", "subscriber", { sharedWorker: false }],
    ["the comparison", "/compare.html", "subscriber", {}],
    ["the thread view", "/threads.html", "viewer", {}],
]) {
    test(`${name}: one stream after "back"`, TEST, async (t) => {
        const server = await startServer(t);
        const page = await newPage(t, options);
        if (beside) {
            await (await page.context().newPage()).goto(server.url + path);
        }
        await page.addInitScript(() => {
            addEventListener("pageshow", ({ persisted }) => {
                globalThis.shown = persisted ? "woken" : "loaded";
            });
            addEventListener("pagehide", () => {
                globalThis.shown = "";
            });
        });
        await page.goto(server.url + path);
        await stateIs(page, "Live");
        await streams(server, role, 1);
        // A browser that is short of something loads the page anew instead.
        for (let woken = 0; woken < TIMES;) {
            await page.goto("data:text/html,somewhere else");
            await page.evaluate(() => setTimeout(() => history.back()));
            await page.waitForURL(server.url + path, { waitUntil: "commit" });
            await page.waitForFunction(() => globalThis.shown);
            woken += await page.evaluate(() => globalThis.shown === "woken");
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
        await pause();
    }
}
