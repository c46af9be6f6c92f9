// Can everybody use the page? By keyboard, with a screen reader, on a small
// screen, in the dark. And does it need only what the server serves?

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
    HISTORY_GAP, TEST, closeBrowser, field, launchBrowser, messages, newPage,
    numbered, openChat, publish, publishAll, say, shows, startServer, stateIs,
    violations, watch,
} from "./helpers.mjs";

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
        await page.getByRole("alert").getByText("needs the token").waitFor();
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

for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing, ${colorScheme}`, TEST, async (t) => {
        const server = await startServer(t, { args: ["--history", "50"] });
        const page = await openChat(t, server, {
            colorScheme, reducedMotion: "reduce",
        });
        assert.deepEqual(await violations(page), []);

        await publishAll(server, numbered("message", 60));
        await page.reload();
        await shows(page, HISTORY_GAP);
        await page.getByRole("log").press("Home");
        await page.waitForFunction(() => log.scrollTop === 0);
        await field(page).press("Enter");
        await page.getByRole("alert").getByText(/./).waitFor();
        await publish(server, "one more");
        await page.getByRole("button", { name: "New messages" }).waitFor();
        assert.deepEqual(await violations(page), []);

        await server.stop();
        await stateIs(page, "Reconnecting…");
        assert.deepEqual(await violations(page), []);
    });
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

async function tabTo(page, element) {
    for (let i = 0; i < 10; i++) {
        await page.keyboard.press("Tab");
        if (await element.evaluate((e) => e === document.activeElement)) {
            return;
        }
    }
    assert.fail("not reached by Tab");
}
