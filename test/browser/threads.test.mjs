// The thread view in a real browser: what it shows of a server in a known
// state, and whether everybody can use it. Takes its picture for the README.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import axe from "axe-core";
import {
    TEST, closeBrowser, launchBrowser, newPage, publish, startServer, stateIs,
    violations,
} from "./helpers.mjs";

const DIRECTORY = process.env.SCREENSHOTS; // set by `make screenshots` only

const text = (path) => readFileSync(new URL(path, import.meta.url), "utf8");

before(launchBrowser);
after(closeBrowser);

test("fifty subscribers are fifty tiles", TEST, async (t) => {
    const server = await startServer(t);
    await subscribers(t, server, 50);
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
    await subscribers(t, server, 40);
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
    const path = DIRECTORY && join(DIRECTORY, "threads.png");
    await page.screenshot({ path });
    await page.getByLabel("Slow motion").selectOption("0");
    await look(server, ({ store }) => store.idle === 40);
});

test("a message goes step by step", TEST, async (t) => {
    const server = await startServer(t, {
        args: ["--classroom", "--turns", "2"],
    });
    await subscribers(t, server, 8);
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

test("the server is restarted", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openThreads(t, server);
    await server.stop();
    await stateIs(page, "Reconnecting…");
    const again = await startServer(t, { port: server.port });
    await stateIs(page, "Live");
    await subscribers(t, again, 3);
    await legendSays(page, "pthread_cond_wait", "4"); // and the log
});

test("an error of the server is shown in its words", TEST, async (t) => {
    const server = await startServer(t, { args: ["--max-body", "2"] });
    const page = await openThreads(t, server);
    const alert = page.getByRole("alert");
    const send = page.getByRole("button", { name: "Send a message" });
    await send.click();
    await alert.getByText(/^[^{}]+$/).waitFor(); // and not as JSON

    await page.route("**/update", (route) => route.fulfill());
    await send.click();
    await page.waitForFunction(() => problem.textContent === "");
});

test("the page gives each call the meaning of calls.def", async () => {
    const source = Buffer.from(text("../../public/threads-calls.js"));
    const { KINDS, meaning } = await import(
        `data:text/javascript;base64,${source.toString("base64")}`);
    const lines = text("../../src/threads/calls.def").matchAll(
        /^\/\* \S+ \S+ (.*)\*\/\n\{SYS_\w+, "(\w+)", "\w+"\},$/gm);
    const calls = new Map([...lines].map(([, means, call]) =>
        [call, means.trim()]));
    assert.ok(calls.size > 15, `${calls.size} calls`);
    for (const [call, means] of calls) {
        assert.equal(meaning({ blocked_in: call }),
            means || "waits in the kernel", call);
    }
    // A mutex is a futex, too, and has no number of its own.
    const known = [...calls.keys(), "pthread_mutex_lock", null];
    for (const call of KINDS.flatMap((kind) => kind.calls)) {
        assert.ok(known.includes(call), call);
    }
});

for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing, ${colorScheme}`, TEST, async (t) => {
        for (const args of [[], ["--classroom"]]) {
            const server = await startServer(t, { args });
            const page = await openThreads(t, server, { colorScheme });
            await page.getByText("The same as a table").click();
            await page.getByRole("row", { name: /accept4/ }).waitFor();
            await page.evaluate(axe.source);
            const { violations } = await page.evaluate(() => axe.run());
            assert.deepEqual(violations.map(({ id, nodes }) =>
                `${id}: ${nodes.map((node) => node.html).join(" ")}`), []);
        }
    });
}

test("nothing sticks out at 320 pixels", TEST, async (t) => {
    const server = await startServer(t, { args: ["--classroom"] });
    await subscribers(t, server, 50);
    const page = await openThreads(t, server, {
        viewport: { width: 320, height: 640 },
    });
    await page.getByText("The same as a table").click();
    await page.getByRole("row", { name: /subscriber/ }).first().waitFor();
    assert.equal(await page.evaluate(
        () => document.documentElement.scrollWidth), 320);
});

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

// Asks GET /threads until the answer is the wanted one, and returns it.
async function look(server, wanted) {
    for (;;) {
        const answer = await (await fetch(`${server.url}/threads`)).json();
        if (wanted(answer)) {
            return answer;
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

// Subscribers that read, until the end of the test.
async function subscribers(t, server, count) {
    for (let i = 0; i < count; i++) {
        const socket = createConnection(server.port, "127.0.0.1");
        socket.on("error", () => {});
        socket.resume();
        socket.write("GET /subscribe HTTP/1.1\r\nHost: localhost\r\n\r\n");
        t.after(() => socket.destroy());
    }
    await look(server, ({ store }) => store.idle === count);
}
