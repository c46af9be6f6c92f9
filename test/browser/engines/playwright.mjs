// Chromium by its own protocol, and Debian's Firefox by WebDriver BiDi, both
// through Playwright.

import { chromium, firefox } from "playwright-core";
import { CHROMIUM } from "../helpers.mjs";

const TYPES = {
    chromium: () => chromium.launch(CHROMIUM),
    // With this channel, Playwright speaks BiDi. Without it, it would want a
    // Firefox of its own making.
    firefox: () => firefox.launch({
        channel: "moz-firefox", executablePath: "/usr/bin/firefox-esr",
    }),
};
const TIMEOUT_MS = 60000;

let browser; // all readers of a file of tests have a context of the same

export async function openBrowser(t, engine) {
    browser ??= TYPES[engine]();
    const context = await (await browser).newContext({ locale: "en-US" });
    context.setDefaultTimeout(TIMEOUT_MS);
    const close = () => context.close();
    t.after(close);
    return { newTab: async () => tabOf(await context.newPage()), close };
}

export async function closeAll() {
    await (await browser)?.close();
}

function tabOf(page) {
    return {
        goto: (url) => page.goto(url),
        // goBack would wait for a load that a page from the cache does not have.
        back: () => page.evaluate(() => void setTimeout(() => history.back())),
        evaluate: (work, value) => page.evaluate(typeof work === "string"
            ? `(${work})(${JSON.stringify(value)})` : work, value),
        click: (css) => page.locator(css).click(),
        type: (css, text) => page.locator(css).pressSequentially(text),
        press: (key) => page.keyboard.press(key),
        choose: (css, value) => page.locator(css).selectOption(value),
        resize: (width, height) => page.setViewportSize({ width, height }),
        screenshot: (path) => page.screenshot({ path }),
        close: () => page.close(),
    };
}
