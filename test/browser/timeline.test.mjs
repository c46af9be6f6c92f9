// The timeline and the pokes in a real browser; and the trace for Chrome, read
// by a parser of that format.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import model from "@tracerbench/trace-model";
import {
    TEST, closeBrowser, launchBrowser, loadModule, look, newPage, pause, publish,
    startServer, stateIs, subscribe, take, violations,
} from "./helpers.mjs";

const CLASS = { args: ["--classroom", "--turns", "1"] };

before(launchBrowser);
after(closeBrowser);

test("Chrome's own format: slices in a row, and an arrow for each wake-up", TEST,
    async (t) => {
        const server = await startServer(t, CLASS);
        await subscribe(t, server, 3);
        await timeline(server); // from now on it is kept
        await publish(server, "hello");
        await timeline(server, (steps) => count(steps, "sleeps") === 3);
        const answer = await fetch(`${server.url}/timeline?format=chrome`);
        const { processes } = model.buildModel(await answer.json());
        const threads = processes.flatMap((process) => process.threads)
            .filter(({ name }) => name);
        assert.deepEqual(threads.map(({ name }) => name.split(" ")[0]).sort(),
            ["publisher", "subscriber", "subscriber", "subscriber"]);
        for (const { name, events } of threads) {
            const slices = events.filter((event) => event.isComplete());
            assert.ok(slices.length > 0, name);
            slices.reduce((before, slice) => {
                assert.ok(slice.start >= before.end - 0.01, name);
                return slice;
            });
        }
        const events = threads.flatMap((thread) => thread.events);
        const [from, to] = ["s", "f"].map((ph) => new Map(events.filter(
            (event) => event.ph === ph).map((event) => [event.traceEvent.id,
            event])));
        assert.equal(from.size, 3); // publisher to the first, each to the next
        for (const [id, { start, tid }] of from) {
            assert.ok(to.get(id).start >= start);
            assert.notEqual(to.get(id).tid, tid);
        }
    });

test("a message's whole way is shown, with times", TEST, async (t) => {
    const server = await startServer(t, CLASS);
    await subscribe(t, server, 10);
    const page = await open(t, server);
    await page.getByText("Nothing has happened yet").waitFor();
    await page.getByRole("button", { name: "Send a message" }).click();
    await page.getByText(/published by thread \d+: 10 threads had it/).waitFor();
    await page.waitForFunction(isDrawn);
    await take(page, "timeline.png");
    await page.getByText("The message's way as a table").click();
    const rows = page.locator("tbody tr");
    await rows.nth(9).waitFor();
    const table = await rows.evaluateAll((lines) => lines.map((line) =>
        [...line.cells].map((cell) => cell.textContent)));
    assert.match(await page.locator("#told").textContent(),
        new RegExp(`by thread ${table[0][1]}:`)); // the publisher woke the first
    for (let i = 1; i < table.length; i++) {
        assert.equal(table[i][1], table[i - 1][0]); // and each woke the next
    }
    for (const times of table.map((line) => line.slice(2))) {
        const us = times.map(parseTime);
        assert.deepEqual(us, [...us].sort((a, b) => a - b));
    }
});

test("it pauses, goes back, zooms, and shows another message", TEST,
    async (t) => {
        const server = await startServer(t, CLASS);
        await subscribe(t, server, 2);
        const page = await open(t, server);
        const told = page.locator("#told");
        const { timestamp: first } = await publish(server, "one");
        await told.getByText(`Message ${first}`).waitFor();
        const picture = page.getByRole("img", { name: "Each thread's time" });
        await picture.press(" ");
        await page.getByRole("button", { name: "Go on" }).waitFor();
        const { timestamp: second } = await publish(server, "two");
        await timeline(server, (steps) => count(steps, "publishes") === 2);
        assert.match(await told.textContent(), new RegExp(`Message ${first}`));

        for (const key of ["+", "-", "ArrowLeft", "ArrowRight", "PageUp",
            "PageDown"]) {
            const before = await pixels(page);
            await picture.press(key);
            if (!key.startsWith("Page")) {
                assert.notEqual(await pixels(page), before, key);
            }
        }
        assert.equal(await page.getByLabel("Show").inputValue(), "free");
        const before = await pixels(page);
        await picture.hover();
        await page.mouse.wheel(0, -100);
        assert.notEqual(await pixels(page), before, "the wheel");
        await picture.press("ArrowDown");
        await told.getByText(/^(publisher|subscriber) \d+ /).waitFor();

        await picture.press("Home");
        await told.getByText(`Message ${second}`).waitFor();
        await page.getByLabel("Show").selectOption(String(first));
        await told.getByText(`Message ${first}`).waitFor();
        await page.getByLabel("Show").selectOption("live");
        await page.getByRole("button", { name: "Pause" }).waitFor();
        await page.reload();
        await page.getByLabel("Show").selectOption("live");
        await told.getByText(/^\d+ threads took part\./).waitFor();
    });

test("pokes change the tiles, and everybody is told", TEST, async (t) => {
    const server = await startServer(t, CLASS);
    await subscribe(t, server, 4);
    const page = await newPage(t);
    const wall = await newPage(t);
    for (const each of [page, wall]) {
        await each.goto(`${server.url}/threads.html`);
        await stateIs(each, "Live");
    }
    const press = (name) => page.getByRole("button", { name }).click();
    await press("Spurious wake-up");
    for (const each of [page, wall]) {
        await each.getByText(/signalled thread \d+ without news/).waitFor();
    }
    await timeline(server, (steps) => count(steps, "nudges") === 1);

    await press("Stalled reader");
    await wall.getByText(/thread \d+ is blocked in sendmsg/).waitFor();
    await look(server, ({ threads }) => threads.some((row) =>
        row.place === "writing" && row.blocked_in === "sendmsg"));
    await press("Herd");
    await wall.getByText("it wakes all subscribers at once").waitFor();
    await timeline(server, (steps) => count(steps, "publishes") === 1);
    await press("Hold the mutex");
    await wall.getByText(/makes thread \d+ hold the store's mutex/).waitFor();
    await timeline(server, (steps) => count(steps, "releases") === 1);
    await press("Vanished client");
    await wall.getByText("has pulled the cable of a client").waitFor();
    assert.deepEqual(await violations(page), []);
});

test("without --classroom there are no pokes", TEST, async (t) => {
    const server = await startServer(t);
    const page = await newPage(t);
    await page.goto(`${server.url}/threads.html`);
    await page.locator("#send:enabled").waitFor();
    assert.ok(await page.getByText("Poke it").isHidden());
    await page.getByRole("link", { name: "the timeline" }).click();
    await page.getByRole("heading", { name: "What happened" }).waitFor();
    await page.getByRole("link", { name: "Now: all threads" }).click();
    await page.getByRole("heading", { name: "Every thread" }).waitFor();
});

for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing, ${colorScheme}, and nothing scrolls`, TEST,
        async (t) => {
            const server = await startServer(t, CLASS);
            await subscribe(t, server, 3);
            const page = await open(t, server, {
                colorScheme,
                viewport: { width: 1280, height: 720 },
            });
            assert.deepEqual(await violations(page), []);
            await publish(server, "hello");
            await page.getByText("3 threads had it").waitFor();
            assert.ok(await page.evaluate(
                "document.documentElement.scrollHeight <= innerHeight"));
            await page.getByText("The message's way as a table").click();
            await page.getByRole("img", { name: "Each thread's" })
                .press("ArrowDown");
            assert.deepEqual(await violations(page), []);
        });
}

test("on a larger wall the pictures are larger, and a pointer finds its row",
    TEST, async (t) => {
        const server = await startServer(t, CLASS);
        await subscribe(t, server, 2);
        const page = await newPage(t);
        const scale = (id) => page.locator(id).evaluate((canvas) =>
            canvas.getContext("2d").getTransform().a);
        for (const [path, id] of [["events", "#events"], ["threads", "#picture"],
            ["timeline", "#picture"]]) {
            await page.setViewportSize({ width: 1280, height: 720 });
            await page.goto(`${server.url}/${path}.html?wall`);
            await stateIs(page, "Live");
            const small = await scale(id);
            await page.setViewportSize({ width: 2560, height: 1440 });
            await page.waitForFunction(([name, once]) =>
                document.querySelector(name).getContext("2d").getTransform().a
                    > 1.9 * once, [id, small]);
        }
        await page.locator("#send").click();
        await page.getByText(/2 threads had it/).waitFor();
        const y = 2 * (28 + 1.5 * 26); // the middle of the second row
        await page.locator("#picture").hover({ position: { x: 100, y } });
        await page.locator("#told").getByText(/^subscriber \d+/).waitFor();
        await page.locator("#picture").hover({ position: { x: 100, y: y - 52 } });
        await page.locator("#told").getByText(/^publisher \d+/).waitFor();
    });

test("a window keeps its limits", async () => {
    const { Window, tick } = await loadModule("timeline-window.js");
    const view = new Window();
    view.show(100, 200);
    view.zoom(0.5, 0);
    assert.deepEqual([view.from, view.to], [100, 150]);
    view.move(0.5);
    assert.deepEqual([view.from, view.to], [125, 175]);
    view.zoom(1e-9);
    assert.ok(view.length >= 10);
    view.zoom(1e12);
    assert.ok(view.length <= 1e9);
    view.scaleRows(8);
    view.firstRow = 1e6;
    view.clampRows(2000, 400);
    assert.equal(view.firstRow, 1750);
    view.clampRows(2000, 400, 10);
    assert.equal(view.firstRow, 10);
    assert.equal(tick(1000, 10), 100);
    assert.equal(tick(1001, 10), 200);
});

// What the tests share

async function open(t, server, options) {
    const page = await newPage(t, options);
    await page.goto(`${server.url}/timeline.html`);
    await stateIs(page, "Live");
    await page.locator("#send:enabled").waitFor();
    return page;
}

// The steps, as soon as it is so.
async function timeline(server, isSo = () => true) {
    for (;;) {
        const { steps } = await (await fetch(`${server.url}/timeline`)).json();
        if (isSo(steps)) {
            return steps;
        }
        await pause();
    }
}

function count(steps, name) {
    return steps.filter((step) => step[2] === name).length;
}

// Microseconds of "1.23 ms".
function parseTime(text) {
    const [number, unit] = text.split(" ");
    return number * { "µs": 1, ms: 1000, s: 1e6 }[unit];
}

function pixels(page) {
    return page.locator("#picture").evaluate((canvas) => canvas.toDataURL());
}

// Runs in the page: has the picture a bar of a thread that waits to be woken?
function isDrawn() {
    const canvas = document.getElementById("picture");
    const colour = getComputedStyle(document.documentElement)
        .getPropertyValue("--series-1");
    const [r, g, b] = colour.match(/\w\w/g).map((hex) => parseInt(hex, 16));
    const { data } = canvas.getContext("2d")
        .getImageData(0, 0, canvas.width, canvas.height);
    let found = 0;
    for (let i = 0; i < data.length; i += 4) {
        found += data[i] === r && data[i + 1] === g && data[i + 2] === b;
    }
    return found > 1000;
}
