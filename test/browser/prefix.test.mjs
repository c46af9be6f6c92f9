// The pages behind a proxy that serves them under a path, as notebooks do.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
    TEST, closeBrowser, launchBrowser, messages, newContext, openTab, publish,
    say, shows, startServer, stateIs, subscribers, watch,
} from "./helpers.mjs";
import { startPrefixProxy } from "./proxies.mjs";

before(launchBrowser);
after(closeBrowser);

for (const [way, options] of [
    ["SharedWorker", { sharedWorker: true }],
    ["leader", { sharedWorker: false }],
]) {
    test(`${way}: the chat under a path`, TEST, async (t) => {
        const server = await startServer(t);
        const proxy = await startPrefixProxy(t, server, "/proxy/3000");
        const context = await newContext(t, options);
        const page = await openTab(context, { url: `${proxy.url}/` });
        await say(page, "hello");
        await shows(page, "hello");
        assert.deepEqual(proxy.strays, []);
    });

    test(`${way}: two servers behind one proxy do not meet`, TEST,
        async (t) => {
            const context = await newContext(t, options);
            const servers = [await startServer(t), await startServer(t)];
            const proxy = await startPrefixProxy(t, servers[0], "/one");
            proxy.serve("/two", servers[1]);
            const one = await openTab(context, { url: `${proxy.origin}/one/` });
            const two = await openTab(context, { url: `${proxy.origin}/two/` });
            await publish(servers[0], "to one");
            await publish(servers[1], "to two");
            await shows(one, "to one");
            await shows(two, "to two");
            assert.deepEqual(await messages(one), ["to one"]);
            assert.deepEqual(await messages(two), ["to two"]);
            await subscribers(servers[0], 1);
            await subscribers(servers[1], 1);
        });
}

test("the links, the comparison and the thread view under a path", TEST,
    async (t) => {
        const server = await startServer(t, { args: ["--classroom"] });
        const proxy = await startPrefixProxy(t, server, "/chat");
        const page = await (await newContext(t)).newPage();
        const { problems, requested } = watch(page);
        await page.goto(`${proxy.url}/`);
        await page.getByRole("link", { name: "Compare" }).click();
        await stateIs(page, "Live");
        await page.getByRole("button", { name: "Send one" }).click();
        await page.waitForFunction(() => [...document
            .querySelectorAll("#ways b")].every((b) => b.textContent === "1"));

        await page.getByRole("link", { name: "Threads" }).click();
        await stateIs(page, "Live");
        await page.getByLabel("Slow motion").selectOption("50");
        await page.waitForFunction(async () =>
            (await (await fetch("threads")).json()).slow_ms === 50);
        const sent = page.waitForResponse("**/update");
        await page.getByRole("button", { name: "Send a message" }).click();
        await (await sent).finished();
        await page.getByRole("link", { name: "Chat" }).click();
        await shows(page, "message 1");

        assert.deepEqual(proxy.strays, []);
        assert.ok(requested.length > 20);
        for (const url of requested) {
            assert.ok(url.startsWith(`${proxy.url}/`), url);
        }
        // A page that is left gives its requests up.
        assert.deepEqual(problems.filter((problem) =>
            !/\/(poll|longpoll|subscribe|threads)\b/.test(problem)), []);
    });
