// The comparison: the three ways receive the same messages at different costs.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
    TEST, closeBrowser, launchWholeBrowser, newPage, publish, startServer,
    stateIs, subscribers, watch,
} from "./helpers.mjs";
import { startCountingProxy } from "./proxies.mjs";

before(launchWholeBrowser);
after(closeBrowser);

test("all three ways receive each message once", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openComparison(t, server);
    await publish(server, "from somebody else");
    const send = page.getByRole("button", { name: "Send one" });
    for (let i = 1; i <= 3; i++) {
        await send.click();
        await heard(page, i);
    }
    const requests = await figures(page, "Requests made");
    assert.equal(requests[2], 1);
    assert.ok(requests[1] >= 4); // one for each message, and one that waits

    await page.getByRole("button", { name: "Start again" }).click();
    await heard(page, 0);
    await send.click();
    await heard(page, 1);
});

test("polling is slow, long polling asks often, a stream does neither", TEST,
    async (t) => {
        const server = await startServer(t);
        const page = await openComparison(t, server);
        const many = page.getByRole("switch");
        await many.check();
        await page.waitForFunction(() =>
            Number(document.querySelector(".polling b").textContent) >= 12);
        await many.uncheck();
        await page.waitForFunction(() => new Set([...document
            .querySelectorAll("#ways b")].map((b) => b.textContent))
            .size === 1);

        const [poll, longPoll, stream] = await figures(page, "Delay");
        assert.ok(poll > longPoll && poll > stream, `${poll} ms by polling`);
        const requests = await figures(page, "Requests made");
        assert.ok(requests[1] > requests[0]);
        assert.equal(requests[2], 1);
        const bytes = await figures(page, "Bytes on the wire");
        assert.ok(bytes[2] < bytes[0] && bytes[0] < bytes[1], `${bytes}`);
    });

test("the server goes and comes back", TEST, async (t) => {
    const first = await startServer(t, { args: ["--retry", "100"] });
    const page = await openComparison(t, first);
    await first.stop();
    await stateIs(page, "Connecting…");
    await page.getByRole("button", { name: "Send one" }).click();
    await page.getByRole("alert").getByText("Not sent").waitFor();
    await startServer(t, { port: first.port });
    await stateIs(page, "Live");
    await page.getByRole("button", { name: "Send one" }).click();
    await heard(page, 1);
});

// Waits until as many requests of each kind have failed.
async function failures(page, count) {
    for (const path of ["poll?", "longpoll?", "subscribe?"]) {
        for (let i = 1; i <= count; i++) {
            await page.waitForEvent("requestfailed", (request) =>
                request.url().includes(`/${path}`));
        }
    }
}

// Waits until the page counts the requests that were answered, and no others: a
// request is counted while nobody knows what becomes of it.
async function answeredOnly(t, page) {
    let made, answered;
    do {
        answered = await page.evaluate(() => ["/poll?", "/longpoll?"].map((path) =>
            performance.getEntriesByType("resource").filter((entry) =>
                entry.name.includes(path) && entry.responseStatus > 0).length));
        made = await figures(page, "Requests made");
        t.diagnostic(`${made} made, ${answered} answered`);
        await page.waitForTimeout(100);
    } while (made[0] !== answered[0] || made[1] !== answered[1]);
    return made;
}

test("a stream that was refused comes back; only real requests are counted",
    TEST, async (t) => {
        const first = await startServer(t, { args: ["--retry", "100"] });
        const page = await openComparison(t, first);
        const send = page.getByRole("button", { name: "Send one" });
        await send.click();
        await heard(page, 1);

        await first.stop(); // the browser tries again and again, in vain
        await stateIs(page, "Connecting…");
        await failures(page, 1);
        const before = await answeredOnly(t, page);
        assert.equal(before[2], 1);
        await failures(page, 3);
        assert.deepEqual(await answeredOnly(t, page), before);

        // A second request, which is refused, and closes the EventSource.
        const refused = page.waitForResponse("**/subscribe*");
        await page.route("**/subscribe*",
            (route) => route.fulfill({ status: 503 }), { times: 1 });
        await refused;
        await startServer(t, { port: first.port });
        await stateIs(page, "Live"); // a third one
        await send.click();
        await heard(page, 2);
        assert.equal((await figures(page, "Requests made"))[2], 3);
    });

test("the bytes are those that a proxy counts", TEST, async (t) => {
    const server = await startServer(t);
    const proxy = await startCountingProxy(t, server);
    const page = await openComparison(t, { url: proxy.url });
    const send = page.getByRole("button", { name: "Send one" });
    for (let i = 1; i <= 60; i++) {
        await send.click();
    }
    await heard(page, 60);
    const keys = ["poll?after", "longpoll?wait", "subscribe?lastEventId"];
    let shown, counted;
    do { // the polls go on meanwhile
        [shown, counted] = [await figures(page, "Bytes on the wire"),
            keys.map((key) => proxy.bytes[key])];
        t.diagnostic(`${shown} bytes shown, ${counted} counted`);
        await page.waitForTimeout(250);
    } while (shown.some((bytes, i) =>
        Math.abs(bytes - counted[i]) > 0.03 * counted[i]));
    const requests = await figures(page, "Requests made");
    assert.equal(requests[2], proxy.requests["subscribe?lastEventId"]);
});

test("leaving the page ends its requests", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openComparison(t, server);
    await page.goto("about:blank");
    await subscribers(server, 0);
});

async function openComparison(t, server, options) {
    const page = await newPage(t, options);
    const { problems } = watch(page);
    t.after(() => assert.deepEqual(
        problems.filter((problem) => /error/i.test(problem)
            && !/ERR_|poll|subscribe/.test(problem)), []));
    await page.goto(`${server.url}/compare.html`);
    await stateIs(page, "Live");
    return page;
}

async function heard(page, count) {
    await page.waitForFunction((wanted) =>
        [...document.querySelectorAll("#ways b")].every((element) =>
            element.textContent === String(wanted)), count);
}

// Returns the figures of a chart from top to bottom: bytes, milliseconds or
// counts.
async function figures(page, title) {
    const chart = page.locator("#charts section").filter({ hasText: title });
    const texts = await chart.locator("dd").allTextContents();
    return texts.map((text) =>
        parseFloat(text) * (/kB| s /.test(text) ? 1000 : 1));
}
