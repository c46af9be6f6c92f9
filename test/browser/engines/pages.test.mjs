// The comparison and the inspector, in each engine; and that all pages fit a
// phone, and are for everybody.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { TEST, publish, startServer, subscribers } from "../helpers.mjs";
import {
    ENGINE, closeEngine, open, picture, shows, stateIs, texts, until, violations,
    visit,
} from "./engine.mjs";

const PAGES = ["/", "/compare.html", "/threads.html", "/timeline.html",
    "/labs.html", "/labs.html?lab=4&step=2", "/events.html", "/inspect.html"];
const DATA = "#events .data:not(.comment)";

after(closeEngine);

// The comparison

test("all three ways receive each message once", TEST, async (t) => {
    const server = await startServer(t);
    const tab = await open(t, server, "/compare.html");
    await stateIs(tab, "live");
    await publish(server, "from somebody else");
    for (let count = 1; count <= 3; count++) {
        await tab.click("#one");
        await until(tab, (wanted) => [...document.querySelectorAll("#ways b")]
            .every((way) => way.textContent === wanted), `${count}`);
    }
    const [polls, longPolls, streams] = await figures(tab, "Requests made");
    assert.ok(polls >= 1 && longPolls >= 4);
    assert.equal(streams, 1);
    await tab.click("#many");
    await until(tab, () =>
        document.querySelector(".polling b").textContent >= 12);
    await tab.click("#many");
    await picture(tab, "compare");
    const delays = await figures(tab, "Delay");
    assert.ok(delays[0] > delays[1] && delays[0] > delays[2], `${delays} ms`);
});

// Returns the figures of a chart from top to bottom.
async function figures(tab, title) {
    return tab.evaluate((wanted) => [...[...document
        .querySelectorAll("#charts section")].find(({ textContent }) =>
        textContent.includes(wanted)).querySelectorAll("dd")]
        .map(({ textContent }) => parseFloat(textContent)), title);
}

// The inspector

for (const by of ["source", "fetch"]) {
    test(`a stream is dropped, and nothing is missed: ${by}`, TEST,
        async (t) => {
            const server = await startServer(t);
            const tab = await open(t, server, `/inspect.html?by=${by}`);
            await tab.click("#connect");
            await shows(tab, "#life [data-step=open]", "");
            await publish(server, "heard");
            await shows(tab, DATA, "heard");
            await tab.click("#drop");
            await subscribers(server, 0);
            await publish(server, "missed");
            await tab.click("#again");
            await shows(tab, DATA, "missed");
            await publish(server, "live");
            await shows(tab, DATA, "live");
            const heard = await texts(tab, `${DATA} summary`);
            assert.deepEqual(heard.map((json) => JSON.parse(json).text),
                ["heard", "missed", "live"]);
        });
}

test("the connection's life, until the EventSource gives up", TEST,
    async (t) => {
        const server = await startServer(t);
        const tab = await open(t, server,
            "/inspect.html?url=examples/drops.sse?speed=10");
        await tab.click("#connect");
        await shows(tab, "#life", "EventSource gives up");
        assert.deepEqual(await texts(tab, DATA), Array.from({ length: 9 },
            (_, i) => `event ${i + 1} of 9`));
        await picture(tab, "inspect");
    });

// WebKit's library for HTTP takes a line that breaks for the end of the answer,
// and no page can tell.
const BROKEN = ENGINE === "webkit" ? "the stream ended" : "the line broke";

test("fetch reads tokens one by one, tells a break from the end", TEST,
    async (t) => {
        const server = await startServer(t);
        const tab = await open(t, server, "/inspect.html" +
            "?url=examples/tokens.sse&by=fetch&method=POST");
        await tab.type("#body", "{}");
        await tab.click("#connect");
        await shows(tab, "#life [data-step=end]", "");
        assert.equal((await texts(tab, DATA)).at(-1), "[DONE]");
        const times = new Set(await texts(tab, "#events time"));
        assert.ok(times.size > 10, "not all at once");

        await visit(tab, `${server.url}/inspect.html` +
            "?url=examples/drops.sse?speed=10&by=fetch");
        await tab.click("#connect");
        await shows(tab, "#life", BROKEN);
    });

test("the curl command is copied, or shown to be copied", TEST, async (t) => {
    const server = await startServer(t);
    const tab = await open(t, server, "/inspect.html");
    await tab.click("#copy");
    await shows(tab, "#copied", `curl -N '${server.url}/subscribe'`);
});

// All pages

test("nothing sticks out of a narrow page", TEST, async (t) => {
    const server = await startServer(t, { args: ["--classroom"] });
    const tab = await open(t, server);
    for (const page of PAGES) {
        await visit(tab, server.url + page);
        await tab.resize(360, 640);
        // The toolbar of WebKit's window wants more.
        await until(tab, () => innerWidth < 544);
        await until(tab, () =>
            document.documentElement.scrollWidth <= innerWidth);
    }
});

test("axe finds nothing", TEST,
    async (t) => {
        const server = await startServer(t, { args: ["--classroom"] });
        const tab = await open(t, server);
        for (const page of PAGES) {
            await visit(tab, server.url + page);
            assert.deepEqual(await violations(tab), [], page);
        }
    });
