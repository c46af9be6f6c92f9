// Can everybody use the page? By keyboard, with a screen reader, on a small
// screen, in the dark. And does it need only what the server serves?

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
    TEST, closeBrowser, field, launchBrowser, messages, newPage, openChat, publish,
    say, shows, startServer, stateIs, violations, watch,
} from "./helpers.mjs";
import { VISITS } from "./states.mjs";

const LONG = { timeout: 300000 }; // many states, and axe in each
const COLOURS = { runOnly: ["color-contrast"] };

before(launchBrowser);
after(closeBrowser);

test("the page loads without an error or a failed request", TEST,
    async (t) => {
        const server = await startServer(t);
        await publish(server, "hello");
        const page = await newPage(t);
        const { problems, requested } = watch(page);
        await page.goto(server.url);
        await stateIs(page, "Live");
        await shows(page, "hello");
        const icon = await page.evaluate(loadIcon);

        assert.deepEqual(problems, []);
        assert.deepEqual(icon, { type: "image/x-icon", width: 32 });
        for (const url of requested) {
            assert.equal(new URL(url).origin, server.url);
        }
    });

test("the page asks for the token of a server that wants one, once", TEST,
    async (t) => {
        const directory = await mkdtemp(join(tmpdir(), "crier-token-"));
        t.after(() => rm(directory, { recursive: true }));
        await writeFile(join(directory, "token"), "s3cret\n");
        const server = await startServer(t, {
            args: ["--publish-token", join(directory, "token")],
        });
        const page = await openChat(t, server);
        const answers = ["wrong", "s3cret"];
        page.on("dialog", (dialog) => dialog.accept(answers.shift()));
        await say(page, "by guess");
        await page.getByRole("alert").getByText("This token is wrong").waitFor();
        await say(page, "by token");
        await shows(page, "by token");
        await page.reload();
        await stateIs(page, "Live");
        await say(page, "and again");
        await shows(page, "and again");
        assert.deepEqual(answers, []);
        assert.deepEqual(await messages(page), ["by token", "and again"]);
    });

for (const path of ["/", "/compare.html", "/inspect.html"]) {
    test(`${path} loads nothing from another server, and runs no inline script`,
        TEST, async (t) => {
            const server = await startServer(t);
            const page = await newPage(t);
            await page.goto(server.url + path);
            const violated = await page.evaluate(loadWhatIsForbidden);
            assert.deepEqual(violated.sort(),
                ["img-src", "script-src-elem", "script-src-elem"]);
        });
}

test("the keyboard alone is enough", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openChat(t, server);
    await tabTo(page, field(page));
    await page.keyboard.type("typed");
    await page.keyboard.press("Enter");
    await shows(page, "typed");
    await page.locator("#text:focus").waitFor();

    await page.keyboard.type("and again");
    await tabTo(page, page.getByRole("button", { name: "Send" }));
    await page.keyboard.press("Space");
    await shows(page, "and again");
    assert.deepEqual(await messages(page), ["typed", "and again"]);
});

test("a screen reader reads new messages, not the history", TEST, async (t) => {
    const server = await startServer(t);
    const page = await newPage(t, { sharedWorker: false });
    await page.route("**/subscribe*", () => {}); // never answered
    await page.goto(server.url);
    await page.locator("#log[role=log][aria-live=off]").waitFor();
    await page.unroute("**/subscribe*");
    await page.reload();
    await page.locator("#log[role=log][aria-live=polite]").waitFor();
});

// Every page in every state, and in both languages. Colours do not depend on the
// language, so that they are looked at once.
for (const { path, args, wall, states } of VISITS) {
    test(`${path} ${args?.[0] ?? ""} is for everybody in each state`, LONG,
        async (t) => {
            for (const lang of ["en", "ko"]) {
                const server = await startServer(t, { args });
                const page = await newPage(t);
                const mark = path.includes("?") ? "&" : "?";
                await page.goto(`${server.url}${path}${mark}lang=${lang}`);
                for (const [state, bring] of Object.entries(states)) {
                    await bring(page, server);
                    await isForEverybody(page, lang, wall)
                        .catch((error) => assert.fail(
                            `${lang}, ${state}: ${error.message}`));
                }
            }
        });
}

test("the wall is a switch, and stays from page to page", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openChat(t, server, {
        viewport: { width: 1280, height: 720 },
    });
    const letters = () => page.evaluate(() =>
        getComputedStyle(document.documentElement).fontSize);
    assert.equal(await letters(), "16px");
    await page.getByRole("link", { name: "Projector" }).press("Enter");
    await page.getByRole("link", { name: "Compare" }).press("Enter");
    await page.getByRole("heading", { name: "Three ways" }).waitFor();
    assert.ok(parseFloat(await letters()) >= 19);
    await page.getByRole("link", { name: "Projector off" }).press("Enter");
    await page.waitForURL(/compare\.html$/);
    assert.equal(await letters(), "16px");
});

async function isForEverybody(page, lang, wall) {
    await page.setViewportSize({ width: 1280, height: 720 });
    assert.deepEqual(await violations(page), []);
    if (lang === "en") {
        assert.deepEqual(await findUnreachable(page), []);
        await hasContrast(page, "dark", false);
        await hasContrast(page, "light", true);
        await hasContrast(page, "dark", true);
        await page.emulateMedia({ colorScheme: "light" });
    } else {
        await showOnWall(page, true);
    }
    assert.deepEqual(await page.evaluate(findOverflow, wall), []);
    await showOnWall(page, false);
    for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 640 });
        assert.deepEqual(await page.evaluate(findOverflow), [], `${width} px`);
    }
}

// What a reader with a keyboard alone cannot get at, or does not see when it has
// the focus. Of a group of radio buttons, Tab reaches one.
async function findUnreachable(page) {
    const count = await page.evaluate(markControls);
    for (let i = 0; i < count + 10; i++) {
        await page.keyboard.press("Tab");
    }
    return page.locator("[data-control]:not([data-reached], :disabled)")
        .evaluateAll((all) => all.map((one) => one.outerHTML));
}

// Runs in the page. Marks what can be used, and from now on what is seen to have
// the focus. Returns how many there are.
function markControls() {
    document.querySelectorAll("[data-control]").forEach((old) => {
        delete old.dataset.control;
        delete old.dataset.reached;
    });
    const controls = [...document.querySelectorAll("a[href], button, input, "
        + "select, textarea, summary, [tabindex='0']")].filter((element) =>
        element.checkVisibility() && !element.disabled
        && element.type !== "radio");
    controls.forEach((element) => (element.dataset.control = ""));
    addEventListener("focusin", ({ target }) => {
        if (target.matches("input, textarea, select")
            || getComputedStyle(target).outlineStyle !== "none") {
            target.dataset.reached = "";
        }
    });
    return controls.length;
}

async function hasContrast(page, colorScheme, wall) {
    await page.emulateMedia({ colorScheme });
    await showOnWall(page, wall);
    assert.deepEqual(await violations(page, COLOURS), [],
        `${colorScheme}${wall ? " wall" : ""}`);
}

function showOnWall(page, wall) {
    return page.evaluate((on) =>
        document.documentElement.toggleAttribute("data-wall", on), wall);
}

test("nothing sticks out at 320 pixels", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openChat(t, server, {
        viewport: { width: 320, height: 480 },
    });
    await publish(server, "an unbreakable " + "w".repeat(200));
    await publish(server, "end");
    await shows(page, "end");
    const [width, inner] = await page.evaluate(
        () => [document.documentElement.scrollWidth, log.scrollWidth]);
    assert.equal(width, 320);
    assert.ok(inner <= 320);
    assert.ok(await page.getByRole("button", { name: "Send" }).isVisible());
});

test("nothing moves if the reader wants less motion", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openChat(t, server, { reducedMotion: "reduce" });
    await publish(server, "still");
    await shows(page, "still");
    assert.equal(await page.locator("#messages .message").evaluate(
        (element) => getComputedStyle(element).animationName), "none");
});

// Runs in the page. A browser without a window does not load the icon itself.
async function loadIcon() {
    const { href } = document.querySelector("link[rel=icon]");
    const icon = new Image();
    icon.src = href;
    await icon.decode();
    const type = (await fetch(href)).headers.get("content-type");
    return { type, width: icon.naturalWidth };
}

// Runs in the page. Returns the rules of the policy that were violated.
async function loadWhatIsForbidden() {
    const violated = [];
    document.addEventListener("securitypolicyviolation",
        (event) => violated.push(event.effectiveDirective));
    const foreign = document.createElement("script");
    const inline = document.createElement("script");
    const image = document.createElement("img");
    foreign.src = "http://localhost:1/script.js";
    inline.textContent = "document.title = 'run'";
    image.src = "http://localhost:1/image.png";
    document.body.append(foreign, inline, image);
    while (violated.length < 3) {
        await new Promise(requestAnimationFrame);
    }
    return violated;
}

// Runs in the page. What is wider than its place; and what has to be scrolled, if
// all of the page is to be seen at once.
function findOverflow(all = false) {
    const { scrollWidth } = document.documentElement;
    const main = document.querySelector("main");
    const high = [main, document.documentElement].filter((element) =>
        all && element.scrollHeight > element.clientHeight + 1);
    const wide = [...document.querySelectorAll("button, header a, h1, h2")]
        .filter((element) => element.clientWidth > 1 // 1: only to be heard
            && element.scrollWidth > element.clientWidth + 1);
    return [
        ...scrollWidth > innerWidth ? [`the page: ${scrollWidth}`] : [],
        ...high.map((element) => `${element.tagName} must be scrolled: ` +
            `${element.scrollHeight} of ${element.clientHeight}`),
        ...wide.map((element) => element.outerHTML),
    ];
}

async function tabTo(page, element) {
    for (let i = 0; i < 20; i++) {
        await page.keyboard.press("Tab");
        if (await element.evaluate((e) => e === document.activeElement)) {
            return;
        }
    }
    assert.fail("not reached by Tab");
}
