// The inspector: any stream, event by event, and the life of its connection.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import {
    TEST, closeBrowser, launchBrowser, newContext, newPage, publish,
    startServer, subscribers, violations, watch,
} from "./helpers.mjs";
import { startPrefixProxy } from "./proxies.mjs";

before(launchBrowser);
after(closeBrowser);

async function openInspector(t, server, query = "", options = {}) {
    const page = await newPage(t, options);
    await page.goto(`${server.url}/inspect.html${query}`);
    return page;
}

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

// Waits until the life's line has this step, and as often.
async function step(page, name, times = 1) {
    await page.waitForFunction(([name, times]) => document.querySelectorAll(
        `#life [data-step=${name}]`).length >= times, [name, times]);
}

async function hears(page, count) {
    await page.waitForFunction((wanted) =>
        document.getElementById("count").textContent === wanted, `(${count})`);
}

const data = (page) => page.locator("#events .data:not(.comment)")
    .evaluateAll((all) => all.map((one) =>
        (one.querySelector("summary") ?? one).textContent));

test("an EventSource's events: id, name, JSON folded out", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openInspector(t, server);
    const { problems } = watch(page);
    await press(page, "Connect");
    await step(page, "open");
    const { timestamp } = await publish(server, "hello");
    await hears(page, 1);
    const row = page.locator("#events li").last();
    assert.match(await row.innerText(),
        /^\d\d:\d\d:\d\d\.\d{3}\s+\+\d+\.\d{3} s\s+message\s+id \d+/);
    await row.locator("summary").click();
    await row.getByText(`"timestamp": ${timestamp}`).waitFor();
    assert.equal(await page.getByLabel("Last-Event-ID").inputValue(),
        (await row.locator(".id").innerText()).slice(3));
    assert.deepEqual(problems, []);
});

test("drop, and reconnect with the id: nothing is missed", TEST, async (t) => {
    for (const by of ["source", "fetch"]) {
        const server = await startServer(t);
        const page = await openInspector(t, server, `?by=${by}`);
        await press(page, "Connect");
        await step(page, "open");
        await publish(server, "heard");
        await hears(page, 1);
        await press(page, "Drop");
        await step(page, "dropped");
        await subscribers(server, 0);
        await publish(server, "missed");
        await press(page, "Reconnect with the id");
        await hears(page, 2);
        await publish(server, "live");
        await hears(page, 3);
        assert.deepEqual((await data(page)).map((json) =>
            JSON.parse(json).text), ["heard", "missed", "live"]);
        await press(page, "Clear");
        assert.equal(await page.locator("#events li, #life li").count(), 0);
    }
});

test("fetch posts, and shows comments, retry and the end", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openInspector(t, server,
        "?url=examples/tokens.sse&by=fetch&method=POST");
    await page.getByLabel("Body of a POST").fill('{"stream":true}');
    await page.getByLabel("Fields").fill("X-A: b\nAuthorization: Bearer c");
    const asked = page.waitForRequest("**/tokens.sse");
    await press(page, "Connect");
    const request = await asked;
    assert.equal(request.method(), "POST");
    assert.equal(request.postData(), '{"stream":true}');
    const { authorization, "x-a": a } = request.headers();
    assert.deepEqual([authorization, a], ["Bearer c", "b"]);
    await step(page, "end");
    assert.equal((await data(page)).at(-1), "[DONE]");
    await page.locator("#events .comment").first().waitFor();
    assert.ok(await page.getByRole("button", { name: "Drop" }).isDisabled());
});

test("the connection's life: broken, reconnecting, open, the end", TEST,
    async (t) => {
        const server = await startServer(t);
        const page = await openInspector(t, server,
            "?url=examples/drops.sse?speed=10");
        await press(page, "Connect");
        await step(page, "reconnecting", 3);
        await page.getByText("EventSource gives up").waitFor();
        assert.deepEqual(await data(page), Array.from({ length: 9 },
            (_, i) => `event ${i + 1} of 9`));
        const steps = await page.locator("#life li").evaluateAll((all) =>
            all.map((one) => one.dataset.step));
        assert.deepEqual(steps.slice(0, 4),
            ["connecting", "open", "error", "reconnecting"]);
    });

test("fetch tells a line that breaks from the end", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openInspector(t, server,
        "?url=examples/drops.sse?speed=10&by=fetch");
    await press(page, "Connect");
    await page.getByText("the line broke").waitFor();
    // What the page has not read when the line breaks, the browser drops.
    assert.ok((await data(page)).length <= 3);
    assert.equal(await page.locator("#life [data-step=end]").count(), 0);
});

test("what cannot be asked for is told", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openInspector(t, server, "?by=fetch");
    const alert = page.getByRole("alert");
    await page.getByLabel("URL").fill("http://localhost:1/");
    await press(page, "Connect");
    await alert.getByText("Only streams of this server").waitFor();
    await page.getByLabel("URL").fill("nowhere");
    await page.getByLabel("Fields").fill("no field");
    await press(page, "Connect");
    await alert.getByText('This is no field: "no field"').waitFor();
    await page.getByLabel("Fields").fill("");
    await press(page, "Connect");
    await page.getByText("404 text/plain").waitFor();
    await page.locator("#events").getByText("Not Found").waitFor();
});

test("copy as curl, and curl gets the same", TEST, async (t) => {
    const server = await startServer(t);
    const context = await newContext(t, {
        permissions: ["clipboard-read", "clipboard-write"],
    });
    const page = await context.newPage();
    await page.goto(`${server.url}/inspect.html` +
        "?by=fetch&method=POST&url=examples/job.sse?speed=50");
    await page.getByLabel("Fields").fill("X-It's: a 'quote'");
    await page.getByLabel("Body of a POST").fill("it's $HOME\n`id`");
    await page.getByLabel("Last-Event-ID").fill("4");
    await press(page, "Copy as curl");
    await page.getByText("Copied: curl -N").waitFor();
    const command = await page.evaluate(() => navigator.clipboard.readText());
    const { stdout } = await promisify(execFile)("sh",
        ["-c", command.replace("curl -N", "curl -qsN --noproxy '*'")]);
    assert.match(stdout, /^id: 5\nevent: progress\n[^]*event: done\n/);
    assert.match(command, /it'\\''s \$HOME\n`id`/);
});

// Whatever stands in a stream is text for the page.
test("the parser follows the standard in any pieces", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openInspector(t, server);
    const text = "\uFEFF: hi\r\rdata: a\r\ndata:b\rdata\nid: 1\nevent: <b>\n" +
        "retry: 5\nretry: x\nid: 2\0\nfoo: bar\n\n\n\ndata:  two\n\ndata: cut";
    const wanted = [
        { comments: ["hi"] },
        { data: "a\nb\n", id: "1", name: "<b>", retry: 5 },
        { data: " two" },
    ];
    for (const size of [1, 2, 3, 7, text.length]) {
        const events = await page.evaluate(async ([text, size]) => {
            const { Parser } = await import("./inspect-parser.js");
            const events = [];
            const parser = new Parser((event) => events.push(event));
            for (let i = 0; i < text.length; i += size) {
                parser.add(text.slice(i, i + size));
            }
            return events;
        }, [text, size]);
        assert.deepEqual(events, wanted, `in pieces of ${size}`);
    }
});

test("an event named error, and markup, are events like others", TEST,
    async (t) => {
        const directory = mkdtempSync(join(tmpdir(), "crier-"));
        t.after(() => rmSync(directory, { recursive: true }));
        writeFileSync(join(directory, "s.sse"),
            "event: error\ndata: <img src=x onerror=alert(1)>\n\n: stall\n");
        const server = await startServer(t);
        const other = await startServer(t, { args: ["--public", directory] });
        const page = await openInspector(t, server, "?url=s.sse");
        await page.route("**/s.sse", async (route) => route.continue({
            url: `${other.url}/s.sse` }));
        await page.getByLabel("Names of events").fill("error");
        await press(page, "Connect");
        await hears(page, 1);
        assert.deepEqual(await data(page), ["<img src=x onerror=alert(1)>"]);
        assert.equal(await page.locator("#life [data-step=error]").count(), 0);
    });

test("the keyboard alone is enough", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openInspector(t, server, "?url=examples/job.sse?speed=50");
    await page.getByLabel("URL").focus();
    await page.keyboard.press("Enter");
    await hears(page, 7);
    for (let i = 0; i < 20; i++) {
        await page.keyboard.press("Tab");
        if (await page.locator("#events summary:focus").count()) {
            await page.keyboard.press("Enter");
            await page.locator("#events details[open]").waitFor();
            return;
        }
    }
    assert.fail("an event's data is not reached by Tab");
});

test("a fault drops the live stream, which comes back and misses nothing",
    TEST, async (t) => {
        const server = await startServer(t, { args: ["--retry", "100"] });
        const page = await openInspector(t, server);
        await press(page, "Connect");
        await step(page, "open");
        await page.getByText("Faults on purpose").click();
        await page.getByLabel("The next").fill("2");
        await press(page, "Ask for it");
        await page.getByText("To come: 2 × drop.").waitFor();
        await publish(server, "hello");
        await hears(page, 1);
        await step(page, "reconnecting", 2);
        await step(page, "open", 3);
        await page.getByText("To come: no faults.").waitFor();
        await page.locator("#kind").selectOption("refuse");
        await press(page, "Ask for it");
        await page.getByText("To come: 2 × refuse.").waitFor();
        assert.deepEqual(await violations(page), []);
        await press(page, "No faults");
        await page.getByText("To come: no faults.").waitFor();
    });

test("faults that this server does not allow are told", TEST, async (t) => {
    const server = await startServer(t, { args: ["--server-name", "a.example"] });
    const page = await openInspector(t, server);
    await page.getByText("Faults on purpose").click();
    await press(page, "Ask for it");
    await page.getByRole("alert").getByText("own machine may").waitFor();
});

test("it works under a path", TEST, async (t) => {
    const server = await startServer(t);
    const proxy = await startPrefixProxy(t, server, "/chat");
    const page = await newPage(t);
    await page.goto(`${proxy.url}/`);
    await page.getByRole("link", { name: "Inspect" }).click();
    await press(page, "Connect");
    await step(page, "open");
    await publish(server, "hello");
    await hears(page, 1);
    assert.deepEqual(proxy.strays, []);
});
