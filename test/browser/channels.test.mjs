// Channels, as a page of its own would use them: an EventSource, and fetch.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TEST, closeBrowser, launchBrowser, newPage, startServer }
    from "./helpers.mjs";

before(launchBrowser);
after(closeBrowser);

// A page with `heard`, what the channel has said: [type, data, lastEventId].
async function openPage(t, server) {
    const page = await newPage(t);
    await page.goto(`${server.url}/inspect.html`);
    return page;
}

function listen(page, name) {
    return page.evaluate((url) => new Promise((resolve) => {
        const source = new EventSource(url);
        const take = ({ type, data, lastEventId }) =>
            heard.push([type, data, lastEventId]);
        globalThis.heard = [];
        globalThis.opened = 0;
        source.onmessage = take;
        source.addEventListener("joined", take);
        source.addEventListener("gap", take);
        source.onopen = () => resolve(++opened);
    }), `channels/${name}`);
}

function say(page, target, body) {
    return page.evaluate(async ([url, text]) => {
        const answer = await fetch(url, { method: "POST", body: text });
        return (await answer.json()).id;
    }, [`channels/${target}`, body]);
}

async function hears(page, expected) {
    await page.waitForFunction((count) => heard.length >= count,
        expected.length);
    assert.deepEqual(await page.evaluate(() => heard), expected);
}

test("a page hears what is posted, line by line as it was", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openPage(t, server);
    await listen(page, "news");
    const ids = [
        await say(page, "news", "hi"),
        await say(page, "news?event=joined", "one\r\ntwo\rthree\n"),
        await say(page, "news", ""),
        await say(page, "news", "안녕 \u2028 :)"),
    ];
    await say(page, "other", "not for us");
    await hears(page, [
        ["message", "hi", ids[0]],
        ["joined", "one\ntwo\nthree\n", ids[1]],
        ["message", "", ids[2]],
        ["message", "안녕 \u2028 :)", ids[3]],
    ]);
});

test("a page comes back and has missed nothing", TEST, async (t) => {
    const server = await startServer(t, { args: ["--retry", "50"] });
    const page = await openPage(t, server);
    await listen(page, "news");
    await fetch(`${server.url}/faults?drop=1`, { method: "POST" });
    const ids = [
        await say(page, "news", "one"),
        await say(page, "news", "two"),
    ];
    await page.waitForFunction(() => opened === 2);
    ids.push(await say(page, "news", "three"));
    await hears(page, ["one", "two", "three"].map((text, i) =>
        ["message", text, ids[i]]));
});

test("a page waits until there is a place for its channel", TEST, async (t) => {
    const server = await startServer(t, { args: ["--channels", "1"] });
    const [first, second] = [
        await openPage(t, server), await openPage(t, server),
    ];
    await listen(first, "first");
    await listen(second, "second"); // it opens, and ends
    await first.close();
    await second.waitForFunction(() => opened >= 2);
    const id = await say(second, "second", "here");
    await hears(second, [["message", "here", id]]);
});

test("the thread view says who hears which channel", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openPage(t, server);
    await listen(page, "news");
    const view = await newPage(t);
    await view.goto(`${server.url}/threads.html`);
    await view.getByText("The same as a table").click();
    await view.getByRole("row", { name: /subscriber.*idle news 0/ }).waitFor();
    const told = view.locator("#told");
    await view.locator("#picture").press("ArrowRight");
    for (let i = 0; i < 20; i++) {
        if ((await told.textContent()).includes("channel: news")) {
            return;
        }
        await view.locator("#picture").press("ArrowRight");
    }
    assert.fail("no thread is said to hear the channel");
});
