// The page, while the server, the network or the page itself is away for some
// time. The page says so, comes back by itself, and shows no message twice.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
    MISSED_GAP, TEST, closeBrowser, fire, gaps, launchBrowser, messages,
    newPage, openChat, publish, publishAll, say, shows, startServer, stateIs,
    subscribers,
} from "./helpers.mjs";

// Playwright cannot intercept the requests of a SharedWorker.
const IN_THE_PAGE = { sharedWorker: false };

before(launchBrowser);
after(closeBrowser);

test("the server is restarted: both pages come back", TEST, async (t) => {
    const first = await startServer(t);
    const pages = [await openChat(t, first), await openChat(t, first)];
    await publishAll(first, ["one", "two"]);
    await Promise.all(pages.map((page) => shows(page, "two")));

    await first.stop();
    await Promise.all(pages.map((page) => stateIs(page, "Reconnecting…")));

    const second = await startServer(t, { port: first.port });
    await Promise.all(pages.map((page) => stateIs(page, "Live")));
    await publish(second, "three");
    await Promise.all(pages.map((page) => shows(page, "three")));
    await say(pages[0], "four");
    await Promise.all(pages.map((page) => shows(page, "four")));

    for (const page of pages) {
        assert.deepEqual(await messages(page), ["one", "two", "three", "four"]);
        assert.deepEqual(await gaps(page), [MISSED_GAP]);
    }
});

test("restarted twice without a message: one gap, not two", TEST, async (t) => {
    let server = await startServer(t);
    const page = await openChat(t, server);
    await publish(server, "before");
    await shows(page, "before");

    for (let i = 0; i < 2; i++) {
        await server.stop();
        await stateIs(page, "Reconnecting…");
        server = await startServer(t, { port: server.port });
        await stateIs(page, "Live");
    }
    await publish(server, "after");
    await shows(page, "after");
    assert.deepEqual(await messages(page), ["before", "after"]);
    assert.deepEqual(await gaps(page), [MISSED_GAP]);
});

test("a message sent before the page came back is there", TEST, async (t) => {
    const first = await startServer(t);
    const page = await openChat(t, first);
    await publish(first, "before");
    await shows(page, "before");
    await first.stop();
    await stateIs(page, "Reconnecting…");

    const second = await startServer(t, { port: first.port });
    await publish(second, "meanwhile");
    await shows(page, "meanwhile");
    assert.deepEqual(await messages(page), ["before", "meanwhile"]);
    assert.deepEqual(await gaps(page), [MISSED_GAP]);
});

test("the server starts after the page asked: history, no gap", TEST,
    async (t) => {
        const first = await startServer(t);
        const page = await openChat(t, first);
        await first.stop();
        await stateIs(page, "Reconnecting…");
        const second = await startServer(t, { port: first.port });
        await publish(second, "first words");
        await shows(page, "first words");
        assert.deepEqual(await gaps(page), []);
    });

test("refused: the page says so, and tries again with the last id", TEST,
    async (t) => {
        const first = await startServer(t);
        const page = await openChat(t, first, IN_THE_PAGE);
        await publish(first, "before");
        await shows(page, "before");
        const id = await page.locator("#messages .message").getAttribute("id");

        // An EventSource that gets a 404 never comes back by itself.
        await page.route("**/subscribe*",
            (route) => route.fulfill({ status: 404 }), { times: 1 });
        await first.stop();
        await stateIs(page, /^Refused/);
        await startServer(t, { port: first.port });
        const retried = await page.waitForRequest("**/subscribe*");
        const { searchParams } = new URL(retried.url());
        assert.equal(searchParams.get("lastEventId"), id);
        await stateIs(page, "Live");
        await shows(page, MISSED_GAP);
        assert.deepEqual(await messages(page), ["before"]);
    });

test("refused at first load: the history comes later", TEST, async (t) => {
    const server = await startServer(t);
    await publish(server, "old");
    const page = await newPage(t, IN_THE_PAGE);
    await page.route("**/subscribe*",
        (route) => route.fulfill({ status: 403 }), { times: 1 });
    await page.goto(server.url);
    await stateIs(page, /^Refused/);
    await stateIs(page, "Live");
    await shows(page, "old");
    assert.deepEqual(await gaps(page), []);
});

test("offline and back: every message is there once", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openChat(t, server, IN_THE_PAGE);
    await publish(server, "before");
    await shows(page, "before");

    await page.context().setOffline(true);
    await publishAll(server, ["meanwhile 1", "meanwhile 2"]);
    const again = page.waitForRequest("**/subscribe*");
    await page.context().setOffline(false);
    await again;
    await stateIs(page, "Live");
    await publish(server, "after");
    await shows(page, "after");
    assert.deepEqual(await messages(page),
        ["before", "meanwhile 1", "meanwhile 2", "after"]);
    assert.deepEqual(await gaps(page), []);
});

test("an event that comes twice is shown once", TEST, async (t) => {
    const server = await startServer(t);
    const page = await newPage(t, IN_THE_PAGE);
    const data = JSON.stringify({ text: "once", timestamp: Date.now() });
    let answers = 0;
    await page.route("**/subscribe*", (route) => {
        const id = ++answers < 3 ? "1-1" : "1-2";
        return route.fulfill({
            contentType: "text/event-stream",
            body: `retry: 10\nid: ${id}\ndata: ${data}\n\n`,
        });
    });
    await page.goto(server.url);
    await page.locator('[id="1-2"]').waitFor();
    assert.deepEqual(await messages(page), ["once", "once"]);
});

// Playwright turns the back/forward cache off, so the test sends its events.
test("a frozen page closes its stream, and misses no message", TEST,
    async (t) => {
        const server = await startServer(t);
        const page = await openChat(t, server);
        await publish(server, "before");
        await shows(page, "before");

        await fire(page, "pagehide");
        await subscribers(server, 0);
        await publish(server, "meanwhile");
        await fire(page, "pageshow");
        await shows(page, "meanwhile");
        await publish(server, "after");
        await shows(page, "after");
        assert.deepEqual(await messages(page),
            ["before", "meanwhile", "after"]);
        assert.deepEqual(await gaps(page), []);
        await subscribers(server, 1);
    });
