// How the chat sends and shows messages.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
    HISTORY_GAP, TEST, closeBrowser, field, gaps, launchBrowser, messages,
    newPage, numbered, openChat, publish, publishAll, say, shows, startServer,
    stateIs,
} from "./helpers.mjs";

before(launchBrowser);
after(closeBrowser);

test("two pages: one sends, both show it", TEST, async (t) => {
    const server = await startServer(t);
    const speaker = await openChat(t, server);
    const listener = await openChat(t, server);

    await say(speaker, "hello");
    await shows(speaker, "hello");
    await shows(listener, "hello");
    await say(listener, "hello to you");
    await shows(speaker, "hello to you");
    await shows(listener, "hello to you");

    for (const page of [speaker, listener]) {
        assert.deepEqual(await messages(page), ["hello", "hello to you"]);
        assert.equal(await field(page).inputValue(), "");
    }
});

test("the history is there on load, in order", TEST, async (t) => {
    const server = await startServer(t);
    const texts = numbered("old", 50);
    await publishAll(server, texts);

    const page = await openChat(t, server);
    await shows(page, "old 50");
    assert.deepEqual(await messages(page), texts);
    assert.deepEqual(await gaps(page), []);
});

test("an empty chat shows a hint, until a message comes", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openChat(t, server);
    const hint = page.getByText("Nothing has been said yet.");
    await hint.waitFor();
    await publish(server, "something");
    await hint.waitFor({ state: "hidden" });
});

test("a short history begins with a gap", TEST, async (t) => {
    const server = await startServer(t, { args: ["--history", "3"] });
    await publishAll(server, numbered("message", 5));

    const page = await openChat(t, server);
    await shows(page, "message 5");
    assert.deepEqual(await gaps(page), [HISTORY_GAP]);
    assert.deepEqual(await messages(page),
        ["message 3", "message 4", "message 5"]);
    const first = page.locator("#messages li").first();
    assert.equal(await first.textContent(), HISTORY_GAP);
});

test("a message has its time, in the reader's zone", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openChat(t, server, {
        locale: "en-GB", timezoneId: "Asia/Seoul",
    });
    const { timestamp } = await publish(server, "what time is it?");
    await shows(page, "what time is it?");

    const time = page.locator("#messages time");
    assert.equal(await time.getAttribute("datetime"),
        new Date(timestamp).toISOString());
    assert.equal(await time.textContent(),
        new Date(timestamp).toLocaleTimeString("en-GB",
            { timeZone: "Asia/Seoul" }));
    assert.equal(await page.locator("#messages .day").count(), 1);
});

test("HTML, line breaks and any script are shown as text", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openChat(t, server);
    const texts = [
        "<img src=x onerror=\"document.title='hacked'\"><b>bold</b>",
        "<script>document.title = 'hacked'</script>",
        "one\ntwo",
        "안녕하세요 👋",
        "\u2028data: \"quoted\" \\ &amp;",
    ];
    await publishAll(server, texts);
    await publish(server, "end");
    await shows(page, "end");

    assert.deepEqual(await messages(page), [...texts, "end"]);
    const elements = page.locator("#messages :is(img, b, script)");
    assert.equal(await elements.count(), 0);
    assert.equal(await page.title(), "Chat – crier");
});

test("an empty text: the reader is told", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openChat(t, server);
    const alert = page.getByRole("alert");

    await field(page).press("Enter");
    await alert.getByText("Please write something first.").waitFor();
    assert.equal(await field(page).getAttribute("aria-invalid"), "true");

    await say(page, "now with words");
    await shows(page, "now with words");
    assert.equal(await alert.textContent(), "");
    assert.equal(await field(page).getAttribute("aria-invalid"), "false");
    assert.deepEqual(await messages(page), ["now with words"]);
});

test("a text that is too large is refused and kept", TEST, async (t) => {
    const server = await startServer(t, { args: ["--max-body", "1000"] });
    const page = await openChat(t, server);
    const text = "x".repeat(1000);

    await say(page, text);
    await page.getByRole("alert").getByText(/./).waitFor();
    assert.equal(await field(page).inputValue(), text);
    assert.deepEqual(await messages(page), []);
});

test("an answer is lost: the same text again is not published twice", TEST,
    async (t) => {
        const server = await startServer(t);
        const page = await openChat(t, server);
        await page.route("**/update", async (route) => {
            await route.fetch(); // the server gets it
            await route.abort();
        }, { times: 1 });

        await say(page, "once");
        await page.getByRole("alert").getByText("Not sent").waitFor();
        await shows(page, "once");
        await field(page).press("Enter");
        await page.waitForFunction(() => !document.querySelector("#text").value);
        await say(page, "once"); // and now on purpose
        await say(page, "end");
        await shows(page, "end");
        assert.deepEqual(await messages(page), ["once", "once", "end"]);
    });

test("the server is down: an error is shown, the text can be sent later", TEST,
    async (t) => {
        const server = await startServer(t);
        const page = await openChat(t, server);
        const alert = page.getByRole("alert");
        await server.stop();
        await stateIs(page, "Reconnecting…");

        await say(page, "keep me");
        await alert.getByText("Not sent").waitFor();
        assert.equal(await field(page).inputValue(), "keep me");
        assert.deepEqual(await messages(page), []);

        await startServer(t, { port: server.port });
        await stateIs(page, "Live");
        await field(page).press("Enter");
        await shows(page, "keep me");
        assert.deepEqual(await messages(page), ["keep me"]);
        assert.equal(await field(page).inputValue(), "");
        assert.equal(await alert.textContent(), "");
    });

test("an answer that is not JSON is an error too", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openChat(t, server);
    await page.route("**/update", (route) => route.fulfill({
        status: 502, contentType: "text/html", body: "<h1>Bad Gateway</h1>",
    }));
    await say(page, "through a proxy");
    await page.getByRole("alert").getByText("Not sent").waitFor();
    assert.equal(await field(page).inputValue(), "through a proxy");
});

test("the newest message is in view, unless the reader scrolled up", TEST,
    async (t) => {
        const server = await startServer(t);
        await publishAll(server, numbered("line", 100));
        const page = await openChat(t, server);
        const log = page.getByRole("log");
        const button = page.getByRole("button", { name: "New messages" });

        await newestInView(page, "line 100");
        assert.equal(await button.isVisible(), false);

        await log.press("Home");
        await page.waitForFunction(() => log.scrollTop === 0);
        await publish(server, "line 101");
        await button.waitFor();
        assert.equal(await log.evaluate((element) => element.scrollTop), 0);

        await button.click();
        await newestInView(page, "line 101");
        await button.waitFor({ state: "hidden" });
        await page.locator("#log:focus").waitFor();

        await publish(server, "line 102");
        await newestInView(page, "line 102");
        assert.equal(await button.isVisible(), false);
    });

test("a reader above who sends a message sees it", TEST, async (t) => {
    const server = await startServer(t);
    await publishAll(server, numbered("line", 100));
    const page = await openChat(t, server);
    await newestInView(page, "line 100");

    await page.getByRole("log").press("Home");
    await page.waitForFunction(() => log.scrollTop === 0);
    await say(page, "mine");
    await newestInView(page, "mine");
});

test("the newest message stays in view when the window gets smaller", TEST,
    async (t) => {
        const server = await startServer(t);
        await publishAll(server, numbered("line", 100));
        const page = await openChat(t, server);
        await newestInView(page, "line 100");
        await page.setViewportSize({ width: 500, height: 300 });
        await newestInView(page, "line 100");
    });

test("only the newest thousand lines stay on the page", TEST, async (t) => {
    const server = await startServer(t, { args: ["--history", "2000"] });
    await publishAll(server, numbered("old", 1100));
    const page = await openChat(t, server);
    await shows(page, "old 1100");
    await publishAll(server, numbered("new", 50));
    await shows(page, "new 50");

    assert.equal(await page.locator("#messages li").count(), 1000);
    const texts = await messages(page);
    assert.equal(texts.at(-51), "old 1100");
    assert.equal(texts.at(0), "old 151");
});

async function newestInView(page, text) {
    await page.waitForFunction((wanted) => {
        const last = document.querySelector("#messages li:last-child");
        const box = document.getElementById("log").getBoundingClientRect();
        return last?.querySelector("p").textContent === wanted
            && last.getBoundingClientRect().bottom <= box.bottom;
    }, text);
}
