// The thread view, the timeline and the labs, in each engine: the class sees what
// the threads do.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { TEST, look, startServer, subscribe } from "../helpers.mjs";
import {
    closeEngine, open, picture, shows, stateIs, until,
} from "./engine.mjs";

const TILES = `() => (${changed})() > 2000`; // pixels, of forty tiles or so

after(closeEngine);

// The thread view

// How many pixels of the picture are others than at the first call.
function changed() {
    const picture = document.querySelector("#picture");
    const { data } = picture.getContext("2d")
        .getImageData(0, 0, picture.width, picture.height);
    const pixels = new Uint32Array(data.buffer);
    globalThis.seen ??= pixels;
    return pixels.filter((pixel, i) =>
        pixel !== pixels[0] && pixel !== globalThis.seen[i]).length;
}

test("in slow motion the tiles of a message's wave are drawn", TEST,
    async (t) => {
        const server = await startServer(t, {
            args: ["--classroom", "--turns", "4"],
        });
        const tab = await open(t, server, "/threads.html");
        await stateIs(tab, "live");
        await shows(tab, "#legend li", "accept4");
        await tab.evaluate(changed);
        await subscribe(t, server, 40);
        await until(tab, TILES);

        await tab.choose("#slow", "1000");
        await look(server, ({ slow_ms: ms }) => ms === 1000);
        await tab.click("#send");
        await look(server, ({ store }) => store.turn === 4 && store.idle >= 8);
        await picture(tab, "threads");
        await tab.choose("#slow", "0");
        await look(server, ({ store }) => store.idle === 40);
        await tab.click("summary");
        await until(tab, () => [...document.querySelectorAll("tbody tr")]
            .filter(({ textContent }) => /subscriber.*idle/.test(textContent))
            .length === 40);
    });

test("a message goes step by step, by keyboard", TEST, async (t) => {
    const server = await startServer(t, {
        args: ["--classroom", "--turns", "2"],
    });
    await subscribe(t, server, 8);
    const tab = await open(t, server, "/threads.html");
    await until(tab, () => !document.querySelector("#slow").disabled);
    await tab.choose("#slow", "step");
    await until(tab, () => !document.querySelector("#step").hidden);
    await tab.click("#send");
    await look(server, ({ store }) => store.ready === 6 && store.turn === 2);
    await tab.evaluate(() => document.querySelector("#picture").focus());
    await tab.press(" ");
    await look(server, ({ store }) => store.ready === 5 && store.idle === 1);
    await tab.press("ArrowRight");
    await until(tab, () => /^signals \d+ waits for Ctrl-C|^accept \d+/
        .test(document.querySelector("#told").textContent));
    await tab.click("#step-message");
    await look(server, ({ store }) => store.idle === 8);
});

// The class

test("the timeline has a message's whole way", TEST, async (t) => {
    const server = await startServer(t, {
        args: ["--classroom", "--turns", "1"],
    });
    await subscribe(t, server, 5);
    const tab = await open(t, server, "/timeline.html");
    await stateIs(tab, "live");
    await tab.evaluate(changed);
    await tab.click("#send");
    await shows(tab, "#told", "5 threads had it");
    await until(tab, TILES);
    await tab.click("#table summary");
    await until(tab, () => document.querySelectorAll("tbody tr").length === 5);
    await picture(tab, "timeline");
});

test("a lab's answer comes after a prediction; a phone's vote counts", TEST,
    async (t) => {
        const server = await startServer(t, { args: ["--classroom"] });
        const wall = await open(t, server, "/labs.html?lab=4&step=2");
        await stateIs(wall, "live");
        const phone = await open(t, server, "/labs.html?vote");
        await stateIs(phone, "live");
        await press(wall, "Ask the class");
        await until(phone, () => document.querySelector("input[type=radio]"));
        await phone.click("input[type=radio][value='3']");
        await press(phone, "Vote");
        await shows(wall, "main", "1 has voted");
        assert.ok(await wall.evaluate(() =>
            document.querySelector("#next").disabled));
        await press(wall, "Show the answer");
        await shows(phone, "main", "It is another one.");
        await picture(wall, "labs");
    });

// Clicks the button with these words, once it is there.
async function press(tab, words) {
    await until(tab, (wanted) => {
        const found = [...document.querySelectorAll("button")].find((button) =>
            button.textContent === wanted && button.checkVisibility());
        document.querySelectorAll("[data-found]").forEach((button) =>
            delete button.dataset.found);
        return found && (found.dataset.found = "here");
    }, words);
    await tab.click("[data-found]");
}
