// The chat: what is said is heard, by everybody, once, and in each engine.

import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, test } from "node:test";
import {
    TEST, numbered, publish, publishAll, startServer, subscribers,
} from "../helpers.mjs";
import {
    closeEngine, open, openReader, picture, shows, stateIs, texts, until,
} from "./engine.mjs";

const PUBLIC = fileURLToPath(new URL("../../../public", import.meta.url));
const MESSAGE = "#messages .message p";

after(closeEngine);

async function openChat(t, server, reader) {
    const tab = await open(t, server, "/", reader);
    await stateIs(tab, "live");
    return tab;
}

async function say(tab, text) {
    await tab.type("#text", text);
    await tab.press("Enter");
}

test("two readers: one says, both hear", TEST, async (t) => {
    const server = await startServer(t);
    const [speaker, listener] = [
        await openChat(t, server), await openChat(t, server),
    ];
    await say(speaker, "hello, <b>you</b>");
    await shows(listener, MESSAGE, "hello, <b>you</b>");
    await say(listener, "안녕하세요");
    await shows(listener, MESSAGE, "안녕하세요");
    await publish(server, "👋\ntwo lines"); // no driver types these
    for (const tab of [speaker, listener]) {
        await shows(tab, MESSAGE, "two lines");
        assert.deepEqual(await texts(tab, MESSAGE),
            ["hello, <b>you</b>", "안녕하세요", "👋\ntwo lines"]);
    }
    await until(speaker, () => document.querySelector("#text").value === "");
    await picture(speaker, "chat");

    await speaker.click("#send"); // nothing
    await shows(speaker, "#error", "Please write something");
});

// Without SharedWorker, one of the tabs has the stream. The server serves pages
// that have lost it, since not every driver can take it from the browser.
async function withoutWorker(t) {
    const directory = await mkdtemp(join(tmpdir(), "crier-public-"));
    t.after(() => rm(directory, { recursive: true, force: true }));
    await cp(PUBLIC, directory, { recursive: true });
    const page = join(directory, "index.html");
    const html = await readFile(page, "utf8");
    await writeFile(page, html.replace("<head>",
        "<head><script>delete globalThis.SharedWorker</script>"));
    return { args: ["--public", directory] };
}

for (const [how, options] of [
    ["by a shared worker", async () => ({})],
    ["by a leader", withoutWorker],
]) {
    test(`two tabs share one stream ${how}; one of them goes`, TEST,
        async (t) => {
            const server = await startServer(t, await options(t));
            const reader = await openReader(t);
            const first = await openChat(t, server, reader);
            const second = await openChat(t, server, reader);
            for (const tab of [first, second]) {
                await shows(tab, "#tabs", "shared by 2 tabs");
            }
            await subscribers(server, 1);
            await publish(server, "to both");
            await shows(first, MESSAGE, "to both");
            await shows(second, MESSAGE, "to both");

            await first.close(); // by a leader, the leader
            await shows(second, "#tabs", "shared by 1 tab");
            await stateIs(second, "live");
            await publish(server, "to the other one");
            await shows(second, MESSAGE, "to the other one");
            assert.deepEqual(await texts(second, MESSAGE),
                ["to both", "to the other one"]);
            await subscribers(server, 1);
        });
}

test("the server is restarted: the text is kept, the stream comes back", TEST,
    async (t) => {
        const server = await startServer(t, { args: ["--retry", "100"] });
        const tab = await openChat(t, server);
        await publish(server, "before");
        await shows(tab, MESSAGE, "before");
        await server.stop();
        await until(tab, () => document
            .querySelector("#state").dataset.state !== "live");
        await say(tab, "meanwhile");
        await shows(tab, "#error", "Not sent");

        await startServer(t, { port: server.port, args: ["--retry", "100"] });
        await stateIs(tab, "live");
        await tab.click("#send");
        await shows(tab, MESSAGE, "meanwhile");
        assert.deepEqual(await texts(tab, MESSAGE), ["before", "meanwhile"]);
    });

test("streams break and are refused: each message comes once, in order", TEST,
    async (t) => {
        const server = await startServer(t, { args: ["--retry", "100"] });
        const tab = await openChat(t, server);
        for (const fault of ["drop=2", "reset=2", "drop=1&refuse=1", "split=1"]) {
            await fetch(`${server.url}/faults?${fault}`, { method: "POST" });
            await publishAll(server, numbered(fault, 3));
            await shows(tab, MESSAGE, `${fault} 3`);
        }
        assert.deepEqual(await texts(tab, MESSAGE), ["drop=2", "reset=2",
            "drop=1&refuse=1", "split=1"].flatMap((fault) =>
            numbered(fault, 3)));
        assert.deepEqual(await texts(tab, "#messages .gap"), []);
    });

test("back to the chat: what was said meanwhile is there", TEST, async (t) => {
    const server = await startServer(t);
    const tab = await openChat(t, server);
    await publish(server, "before");
    await shows(tab, MESSAGE, "before");
    await tab.goto(`${server.url}/inspect.html`);
    await publish(server, "meanwhile");
    await tab.back();
    await shows(tab, MESSAGE, "meanwhile");
    await stateIs(tab, "live");
    assert.deepEqual(await texts(tab, MESSAGE), ["before", "meanwhile"]);
});

test("the newest message is in view, unless the reader scrolled up", TEST,
    async (t) => {
        const server = await startServer(t);
        await publishAll(server, numbered("line", 100));
        const tab = await openChat(t, server);
        await newestInView(tab, "line 100");
        await tab.evaluate(() => document.querySelector("#log").focus());
        await tab.press("Home");
        await until(tab, () => document.querySelector("#log").scrollTop === 0);
        await publish(server, "line 101");
        await until(tab, () =>
            !document.querySelector("#new-messages").hidden);
        assert.equal(await tab.evaluate(() =>
            document.querySelector("#log").scrollTop), 0);
        await tab.click("#new-messages");
        await newestInView(tab, "line 101");
        await tab.resize(640, 480);
        await newestInView(tab, "line 101");
    });

function newestInView(tab, text) {
    return until(tab, (wanted) => {
        const last = document.querySelector("#messages li:last-child");
        const box = document.querySelector("#log").getBoundingClientRect();
        return last?.querySelector("p").textContent === wanted
            && last.getBoundingClientRect().bottom <= box.bottom;
    }, text);
}
