// One way to drive three engines, for tests that are written once. The variable
// ENGINE names the engine: chromium, firefox or webkit.
//
// A driver exports openBrowser(t), a browser of a reader's own, which ends with
// the test. It gives { newTab, close }, and a tab has
//
//     goto(url), back()        navigate, until the page has loaded
//     evaluate(work, value)    runs work(value) in the page, also if it is async;
//                              work is a function, or the source of one
//     click(css), type(css, text), press(key)     real input, as by a hand
//     choose(css, value)       takes an option of a <select>
//     resize(width, height)    of the page
//     screenshot(file), close()
//
// This is all that WebDriver can do in each of them. What only one engine's own
// protocol can do stays in the folder above.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import * as playwright from "./playwright.mjs";
import * as webdriver from "./webdriver.mjs";

export const ENGINE = process.env.ENGINE ?? "chromium";

const DRIVERS = {
    chromium: playwright, firefox: playwright, webkit: webdriver,
};
const PICTURES = process.env.SCREENSHOTS; // a folder, if pictures are wanted
const STATE_MS = 60000; // a reconnect takes up to 5 s, on a busy machine more
const LOOK_MS = 50;

assert.ok(ENGINE in DRIVERS, `there is no ENGINE ${ENGINE}`);

export function closeEngine() {
    return DRIVERS[ENGINE].closeAll();
}

export function openReader(t) {
    return DRIVERS[ENGINE].openBrowser(t, ENGINE);
}

// Opens a page of the server in a new tab, by default in a new browser.
export async function open(t, server, path = "/", reader) {
    const tab = await (reader ?? await openReader(t)).newTab();
    await tab.resize(1280, 800);
    await visit(tab, server.url + path);
    return tab;
}

// Goes to a page, and waits until its modules have run: WebKit calls a page
// loaded before.
export async function visit(tab, url) {
    await tab.goto(url);
    await until(tab, () => document.title !== "crier");
}

// Waits until look(value) is true in the page, and returns what it returned.
// `look` may also be what a test asks for itself.
export async function until(tab, look, value) {
    const deadline = performance.now() + STATE_MS;
    for (;;) {
        const late = performance.now() > deadline;
        try {
            const seen = await tab.evaluate(look, value);
            if (seen) {
                return seen;
            }
        } catch (error) {
            if (late) {
                throw error; // else the page is being left
            }
        }
        if (late) {
            assert.fail(`not seen: ${look} ${JSON.stringify(value)} on\n${
                await tab.evaluate(() => document.body.innerText)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
}

export function stateIs(tab, state) {
    return until(tab, (wanted) => document
        .querySelector("#state").dataset.state === wanted, state);
}

// Waits until some element that matches has this text.
export function shows(tab, css, text) {
    return until(tab, ([where, wanted]) =>
        [...document.querySelectorAll(where)].some((element) =>
            element.textContent.includes(wanted)), [css, text]);
}

export function texts(tab, css) {
    return tab.evaluate((where) => [...document.querySelectorAll(where)]
        .map((element) => element.textContent), css);
}

// What axe-core finds on the page as it is.
export async function violations(tab) {
    await tab.evaluate(`() => { ${axe.source} }`);
    return tab.evaluate(async () => (await globalThis.axe.run()).violations
        .map(({ id, nodes }) =>
            `${id}: ${nodes.map((node) => node.html).join(" ")}`));
}

export async function picture(tab, name) {
    if (PICTURES) {
        mkdirSync(PICTURES, { recursive: true });
        await tab.screenshot(join(PICTURES, `${name}-${ENGINE}.png`));
    }
}
