// Many tabs of one browser share one stream. When the tab that has it ends, no
// message is lost.

import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
    TEST, closeBrowser, fire, gaps, launchBrowser, messages, newContext,
    numbered, openTab, publish, publishAll, say, shows, startServer, stateIs,
    subscribers, violations,
} from "./helpers.mjs";

const TABS = 10; // a browser opens six connections to a host
const SOME = 4; // enough for one that ends and others that go on
const FIRST = 20; // messages before the fault, and as many after it

before(launchBrowser);
after(closeBrowser);

for (const [way, options] of [
    ["SharedWorker", { sharedWorker: true }],
    ["leader", { sharedWorker: false }],
]) {
    test(`${way}: ten tabs are live, and each can send`, TEST, async (t) => {
        const server = await startServer(t);
        const context = await newContext(t, options);
        const tabs = await openTabs(context, server);
        await each(tabs, (tab) => sharedBy(tab, TABS));
        await subscribers(server, 1);

        for (const [i, tab] of tabs.entries()) {
            await say(tab, `from tab ${i + 1}`);
            await shows(tab, `from tab ${i + 1}`);
        }
        await haveAll(tabs, numbered("from tab", TABS));
        await subscribers(server, 1);

        assert.deepEqual(await violations(tabs[0]), []);
        await tabs[0].setViewportSize({ width: 320, height: 480 });
        assert.equal(await tabs[0].evaluate(
            () => document.documentElement.scrollWidth), 320);
    });

    test(`${way}: the first tab is closed`, TEST, (t) =>
        survive(t, options, (tab) => tab.close()));

    test(`${way}: the first tab crashes`, TEST, (t) =>
        survive(t, options, crash));

    test(`${way}: the tabs are closed one by one, down to the last`, TEST,
        async (t) => {
            const server = await startServer(t);
            const context = await newContext(t, options);
            const tabs = await openTabs(context, server, SOME);
            const said = [];
            while (tabs.length > 1) {
                await tabs.shift().close();
                said.push(`${tabs.length} left`);
                await publish(server, said.at(-1));
                await haveAll(tabs, said);
            }
            await tabs[0].getByText("shared by").waitFor({ state: "hidden" });
        });

    test(`${way}: a late tab and a frozen one get all messages`, TEST,
        async (t) => {
            const server = await startServer(t, { args: ["--history", "2"] });
            const context = await newContext(t, options);
            const [first, second] = await openTabs(context, server, 2);
            await publish(server, "1");
            await shows(second, "1");
            await fire(second, "pagehide");
            await first.getByText("shared by").waitFor({ state: "hidden" });
            for (const text of ["2", "3", "4"]) {
                await publish(server, text);
                await shows(first, text);
            }
            const late = await openTab(context, server);
            await fire(second, "pageshow");
            await sharedBy(first, 3);
            await haveAll([first, second, late], ["1", "2", "3", "4"]);
        });

    test(`${way}: the server is restarted, all tabs come back`, TEST,
        async (t) => {
            const first = await startServer(t);
            const context = await newContext(t, options);
            const tabs = await openTabs(context, first, 3);
            await first.stop();
            await each(tabs, (tab) => stateIs(tab, "Reconnecting…"));
            const second = await startServer(t, { port: first.port });
            await each(tabs, (tab) => stateIs(tab, "Live"));
            await publish(second, "again");
            await haveAll(tabs, ["again"]);
        });
}

for (const [way, options] of [
    ["SharedWorker", { sharedWorker: true }],
    ["leader", { sharedWorker: false }],
]) {
    test(`${way}: new pages do not meet the hub of old ones`, TEST,
        async (t) => {
            const pages = await mkdtemp(join(tmpdir(), "crier-pages-"));
            t.after(() => rm(pages, { recursive: true }));
            const edit = async (name, from, to) => {
                const text = await readFile(join(pages, name), "utf8");
                assert.ok(text.includes(from), name);
                await writeFile(join(pages, name), text.replaceAll(from, to));
            };
            await cp(new URL("../../public", import.meta.url), pages,
                { recursive: true });
            const server = await startServer(t, { args: ["--public", pages] });
            const context = await newContext(t, options);
            const old = await openTab(context, server);

            // An upgrade in which the hub speaks another language.
            await edit("hub.js", "{ entry }", "{ news: entry }");
            await edit("script.js", "log: all, entry,", "log: all, news: entry,");
            await edit("version.js", 'VERSION = "', 'VERSION = "x');
            const fresh = await openTab(context, server);
            await publish(server, "hello");
            await haveAll([old, fresh], ["hello"]);
            await subscribers(server, 2);
        });
}

test("leader: it is frozen, another takes over, it wakes as a follower", TEST,
    async (t) => {
        const server = await startServer(t);
        const context = await newContext(t, { sharedWorker: false });
        const tabs = await openTabs(context, server, 3);
        await each(tabs, (tab) => sharedBy(tab, 3));
        await publish(server, "before");
        await haveAll(tabs, ["before"]);

        const [first, ...others] = tabs;
        const thaw = await freeze(first);
        const said = ["before", ...numbered("meanwhile", 20)];
        await publishAll(server, said.slice(1));
        await haveAll(others, said); // only a new leader can tell them
        await subscribers(server, 2);
        said.push("from a late tab");
        const late = await openTab(context, server);
        await say(late, said.at(-1));
        await haveAll([...others, late], said);

        thaw();
        await haveAll([first, ...others, late], said);
        await subscribers(server, 1);
        await each([first, ...others, late], (tab) => sharedBy(tab, 4));
        await publish(server, "after");
        await haveAll([first, ...others, late], [...said, "after"]);

        // The one that woke is in the queue again.
        await each([...others, late], (tab) => tab.close());
        await first.getByText("shared by").waitFor({ state: "hidden" });
        await publish(server, "alone");
        await haveAll([first], [...said, "after", "alone"]);
        await subscribers(server, 1);
    });

test("leader: a tab that opens while it is frozen takes over", TEST,
    async (t) => {
        const server = await startServer(t);
        const context = await newContext(t, { sharedWorker: false });
        const first = await openTab(context, server);
        await publish(server, "before");
        await shows(first, "before");
        const thaw = await freeze(first);
        const second = await openTab(context, server);
        await publish(server, "meanwhile");
        await haveAll([second], ["before", "meanwhile"]);
        thaw();
        await haveAll([first, second], ["before", "meanwhile"]);
        await each([first, second], (tab) => sharedBy(tab, 2));
        await subscribers(server, 1);
    });

test("neither SharedWorker nor locks: a stream for each tab", TEST,
    async (t) => {
        const server = await startServer(t);
        const context = await newContext(t, { sharedWorker: false });
        await context.addInitScript(() => {
            delete Navigator.prototype.locks;
        });
        const tabs = await openTabs(context, server, 2);
        await subscribers(server, 2);
        await publish(server, "hello");
        await haveAll(tabs, ["hello"]);
        assert.equal(await tabs[0].getByText("shared by").isVisible(), false);
    });

// Ends the first tab while messages arrive. The first tab has the stream, or
// the process of the worker that has it. The other tabs get all messages.
async function survive(t, options, kill) {
    const server = await startServer(t);
    const context = await newContext(t, options);
    const tabs = await openTabs(context, server, SOME);
    await each(tabs, (tab) => sharedBy(tab, SOME));
    const texts = numbered("message", 2 * FIRST);
    const publishing = publishAll(server, texts);
    await shows(tabs[1], `message ${FIRST}`);
    await kill(tabs.shift());
    await publishing;
    await publish(server, "end");
    await haveAll(tabs, [...texts, "end"]);
    await each(tabs, (tab) => sharedBy(tab, SOME - 1));
    for (const tab of tabs) {
        await say(tab, "still here");
    }
    await subscribers(server, 1);
}

async function crash(page) {
    const session = await page.context().newCDPSession(page);
    const crashed = page.waitForEvent("crash");
    session.send("Page.crash").catch(() => {}); // nobody is left to answer
    await crashed;
}

async function openTabs(context, server, count = TABS) {
    const tabs = [];
    while (tabs.length < count) {
        tabs.push(await openTab(context, server));
    }
    return tabs;
}

function each(tabs, work) {
    return Promise.all(tabs.map(work));
}

// Freezes a tab: it runs no script, as in the background of a phone. Playwright
// keeps all tabs visible, and a visible one cannot be frozen. So the tab waits for
// a request that is answered when it is to thaw. Returns a function for that.
async function freeze(tab) {
    let thaw;
    const thawed = new Promise((resolve) => {
        thaw = resolve;
    });
    await tab.route("**/freeze", async (route) => {
        await thawed;
        await route.fulfill();
    });
    const frozen = tab.waitForRequest("**/freeze");
    tab.evaluate(() => setTimeout(() => {
        const request = new XMLHttpRequest();
        request.open("GET", "freeze", false); // no other script runs meanwhile
        request.send();
    }));
    await frozen;
    return thaw;
}

function sharedBy(tab, count) {
    return tab.getByText(`shared by ${count} tabs`, { exact: true }).waitFor();
}

async function haveAll(tabs, texts) {
    for (const tab of tabs) {
        await shows(tab, texts.at(-1));
        assert.deepEqual(await messages(tab), texts);
        assert.deepEqual(await gaps(tab), []);
    }
}
