// Threads and events side by side: the page draws what scripts/sides has told.
// That the script measures, and what it tells, test/bench/bench.test.mjs checks.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
    TEST, closeBrowser, launchBrowser, newPage, startServer, stateIs,
} from "./helpers.mjs";
import { MEASURED } from "./states.mjs";

before(launchBrowser);
after(closeBrowser);

async function post(server, text) {
    const response = await fetch(`${server.url}/update`, {
        method: "POST", body: JSON.stringify({ event: "sides", text }),
    });
    assert.equal(response.status, 200);
}

async function tell(server, run, all) {
    for (const told of all) {
        await post(server, JSON.stringify({ run, ...told }));
    }
}

async function openEvents(t, server, options, search = "") {
    const page = await newPage(t, options);
    await page.goto(`${server.url}/events.html${search}`);
    await stateIs(page, "Live");
    return page;
}

const cells = (page, name) => page.getByRole("row", { name })
    .getByRole("cell").allTextContents();

test("the figures are the medians of the newest run", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openEvents(t, server);
    await page.getByText("Nothing has been measured yet.").waitFor();
    assert.deepEqual(await cells(page, /^Processor/), ["–", "–"]);
    await tell(server, 1, MEASURED.slice(0, -5));
    await page.getByText("Round 1 of 2 is measured.").waitFor();
    await tell(server, 2, MEASURED);
    await page.getByText("100 subscribers, medians of 2 rounds.").waitFor();
    assert.deepEqual(await cells(page, /^Processor/), ["7.0", "20.0"]);
    assert.deepEqual(await cells(page, /^The floor/), ["7.0", "12.0"]);
    await page.getByText("105 threads for 100 connections; awake: 3").waitFor();

    const late = await openEvents(t, server);
    await late.getByText("100 subscribers, medians of 2 rounds.").waitFor();
    assert.deepEqual(await cells(late, /^Processor/), ["7.0", "20.0"]);
});

test("what others post is no figure", TEST, async (t) => {
    const server = await startServer(t);
    const page = await openEvents(t, server);
    const problems = [];
    page.on("pageerror", (error) => problems.push(error.message));
    await post(server, "no JSON");
    await post(server, "null");
    await tell(server, 1, [{ kind: "begin", subscribers: 10, rounds: 1 },
        { kind: "result", load: "paced", who: "events", cpu: "<b>7</b>" },
        { kind: "look", who: "constructor", threads: 9, awake: 9 },
        { kind: "end" }]);
    await page.getByText("10 subscribers, one round.").waitFor();
    assert.deepEqual(await cells(page, /^Processor/), ["0.0", "–"]);
    assert.deepEqual(problems, []);
});
