// The thread view in a real browser: what it shows of a server in a known
// state, and whether everybody can use it. Takes its picture for the README.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import {
    TEST, closeBrowser, launchBrowser, loadModule, look, newPage, publish,
    startServer, stateIs, subscribe, take, violations,
} from "./helpers.mjs";


const text = (path) => readFileSync(new URL(path, import.meta.url), "utf8");

before(launchBrowser);
after(closeBrowser);

test("fifty subscribers are fifty tiles", TEST, async (t) => {
    const server = await startServer(t);
    await subscribe(t, server, 50);
    const page = await openThreads(t, server);
    await legendSays(page, "pthread_cond_wait", "51"); // and the log
    await legendSays(page, "accept4", "1");
    await publish(server, "hello");
    await legendSays(page, "pthread_cond_wait", "51"); // and the log

    await page.getByText("The same as a table").click();
    const row = page.getByRole("row", { name: /subscriber.*idle 1 / });
    await row.nth(49).waitFor(); // the last ones may come with the next look
    assert.equal(await row.count(), 50);
});

test("a tile describes its thread, by pointer and by keyboard", TEST,
    async (t) => {
        const server = await startServer(t);
        const page = await openThreads(t, server);
        const told = page.locator("#told");
        await page.locator("#picture").hover({ position: { x: 20, y: 48 } });
        await told.getByText(/^accept \d+ waits for the next client/).waitFor();
        await page.locator("#picture").press("ArrowRight");
        await told.getByText(/^signals \d+ waits for Ctrl-C/).waitFor();
        await page.locator("#picture").press("ArrowLeft");
        await told.getByText(/^accept/).waitFor();
    });

test("slow motion needs --classroom", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openThreads(t, server);
    await page.getByText("was started with --classroom").waitFor();
    assert.ok(await page.getByLabel("Slow motion").isDisabled());
});

test("in slow motion a message's wave can be seen", TEST, async (t) => {
    const server = await startServer(t, {
        args: ["--classroom", "--turns", "4"],
    });
    await subscribe(t, server, 40);
    const page = await openThreads(t, server, {
        viewport: { width: 1280, height: 860 },
    });
    await page.getByLabel("Slow motion").selectOption("1000");
    const { slow_ms: slow } = await look(server, ({ slow_ms: ms }) => ms > 0);
    assert.equal(slow, 1000);
    await page.getByRole("button", { name: "Send a message" }).click();
    await look(server, ({ store }) => store.idle >= 8 && store.turn === 4
        && store.ready >= 8);
    await page.waitForTimeout(500); // for the tiles to arrive
    await take(page, "threads.png");
    await page.goto(`${server.url}/threads.html?lang=ko`);
    await stateIs(page, "연결됨");
    await page.waitForTimeout(500);
    await take(page, "threads-ko.png");
    await page.locator("#slow").selectOption("0");
    await look(server, ({ store }) => store.idle === 40);
});

test("a message goes step by step", TEST, async (t) => {
    const server = await startServer(t, {
        args: ["--classroom", "--turns", "2"],
    });
    await subscribe(t, server, 8);
    const page = await openThreads(t, server);
    await page.getByLabel("Slow motion").selectOption("step");
    await page.getByText("Each turn waits").waitFor();
    await page.getByRole("button", { name: "Send a message" }).click();
    await look(server, ({ store }) => store.ready === 6 && store.turn === 2);
    await page.getByRole("button", { name: "Next turn" }).click();
    await look(server, ({ store }) => store.ready === 5 && store.turn === 2
        && store.idle === 1);
    await page.getByRole("img").press(" ");
    await look(server, ({ store }) => store.ready === 4 && store.turn === 2
        && store.idle === 2);
    const other = await openThreads(t, server);
    await other.getByText(/127\.0\.0\.1:\d+ made the last step/).waitFor();
    assert.deepEqual(await violations(page), []);
    await page.getByRole("button", { name: "Whole message" }).click();
    await look(server, ({ store }) => store.idle === 8);
    await page.getByLabel("Slow motion").selectOption("0");
    await look(server, ({ step }) => !step);
    await other.getByText("made the last step").waitFor({ state: "hidden" });
});

for (const reducedMotion of ["no-preference", "reduce"]) {
    test(`messages fly only if the reader likes motion: ${reducedMotion}`, TEST,
        async (t) => {
            const server = await startServer(t);
            await subscribe(t, server, 1);
            const page = await newPage(t, { reducedMotion });
            await page.addInitScript(countDots);
            await page.goto(`${server.url}/threads.html`);
            await stateIs(page, "Live");
            await publish(server, "hello");
            await page.getByText("The same as a table").click();
            await page.getByRole("row", { name: /subscriber.*idle 1 / }).waitFor();
            await page.waitForFunction((fly) => !fly || globalThis.dots > 0,
                reducedMotion !== "reduce");
            assert.equal(await page.evaluate(() => globalThis.dots > 0),
                reducedMotion !== "reduce");
        });
}

test("the server is restarted", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openThreads(t, server);
    await server.stop();
    await stateIs(page, "Reconnecting…");
    const again = await startServer(t, { port: server.port });
    await stateIs(page, "Live");
    await subscribe(t, again, 3);
    await legendSays(page, "pthread_cond_wait", "4"); // and the log
});

test("on the wall the picture has half of the room, also step by step", TEST,
    async (t) => {
        const server = await startServer(t, { args: ["--classroom"] });
        const page = await newPage(t, { viewport: { width: 1280, height: 720 } });
        for (const lang of ["en", "ko"]) {
            await page.goto(`${server.url}/threads.html?wall&lang=${lang}`);
            await page.locator("#slow:enabled").selectOption("step");
            await page.locator("#step-by:not(:empty)").waitFor();
            await page.locator("#pokes [value=lock]").click();
            await page.locator("#poked:not(:empty)").waitFor();
            const { height } = await page.locator("#picture").boundingBox();
            assert.ok(height > 360, `${lang}: ${height}`);
        }
    });

test("an error of the server is shown, and goes", TEST, async (t) => {
    const server = await startServer(t, { args: ["--max-body", "2"] });
    const page = await openThreads(t, server);
    const alert = page.getByRole("alert");
    const send = page.getByRole("button", { name: "Send a message" });
    await send.click();
    await alert.getByText("This message is too long.").waitFor();

    await page.route("**/update", (route) => route.fulfill());
    await send.click();
    await page.waitForFunction(() => problem.textContent === "");
});

test("the page gives each call the meaning of calls.def", async () => {
    const { KINDS, meaning } = await loadModule("threads-calls.js");
    const { default: words } = await loadModule("words-en.js");
    const lines = text("../../src/threads/calls.def").matchAll(
        /^\/\* \S+ \S+ (.*)\*\/\n\{SYS_\w+, "(\w+)", "\w+"\},$/gm);
    const calls = new Map([...lines].map(([, means, call]) =>
        [call, means.trim()]));
    assert.ok(calls.size > 15, `${calls.size} calls`);
    for (const [call, means] of calls) {
        assert.equal(words[meaning({ blocked_in: call })],
            means || "waits in the kernel", call);
    }
    // A mutex is a futex, too, and has no number of its own.
    const known = [...calls.keys(), "pthread_mutex_lock", null];
    for (const call of KINDS.flatMap((kind) => kind.calls)) {
        assert.ok(known.includes(call), call);
    }
});

test("nothing sticks out at 320 pixels", TEST, async (t) => {
    const server = await startServer(t, { args: ["--classroom"] });
    await subscribe(t, server, 50);
    const page = await openThreads(t, server, {
        viewport: { width: 320, height: 640 },
    });
    await page.getByText("The same as a table").click();
    await page.getByRole("row", { name: /subscriber/ }).first().waitFor();
    assert.equal(await page.evaluate(
        () => document.documentElement.scrollWidth), 320);
});

// Runs in the page. A dot is a circle with the radius of threads-messages.js.
function countDots() {
    globalThis.dots = 0;
    const { arc } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.arc = function count(x, y, r, ...rest) {
        globalThis.dots += r === 5 ? 1 : 0;
        arc.call(this, x, y, r, ...rest);
    };
}

async function openThreads(t, server, options) {
    const page = await newPage(t, options);
    page.on("pageerror", (error) => assert.fail(error));
    await page.goto(`${server.url}/threads.html`);
    await stateIs(page, "Live");
    return page;
}

async function legendSays(page, name, count) {
    await page.locator("#legend li", { hasText: name })
        .getByText(count, { exact: true }).waitFor();
}
