// What the server refuses is told in the reader's language. The pages know a
// refusal by its status and by what the server says, so each one is provoked.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
    TEST, closeBrowser, launchBrowser, loadModule, newPage, startServer,
} from "./helpers.mjs";

const { default: ko } = await loadModule("words-ko.js");
const CLASS = ["--classroom"];
const HELLO = '{"text":"hello"}';
const VOTE = JSON.stringify(
    { question: "1-1", choice: 1, voter: "0".repeat(32) });

// The words; the server's options; what is posted at once.
const REFUSED = [
    ["empty", [], ["update", '{"text":""}']],
    ["classroom", [], ["slow?ms=50"]],
    ["classroom", ["--server-name", "a.example"], ["faults?drop=1"]],
    ["sleeps", CLASS, ["poke?spurious"]],
    ["nobody", CLASS, ["poke?herd"]],
    ["held", CLASS, ["poke?lock"], ["poke?lock"]],
    ["late", CLASS, ["votes", VOTE]],
    ["long", ["--max-body", "5"], ["update", HELLO]],
    ["often", ["--rate", "1"], ...Array(20).fill(["update", HELLO])],
];

before(launchBrowser);
after(closeBrowser);

async function open(t, args) {
    const server = await startServer(t, { args });
    const page = await newPage(t);
    await page.goto(`${server.url}/inspect.html?lang=ko`);
    return page;
}

// Runs in the page. Returns what the reader is told of the first refusal.
async function explainRefusal(requests) {
    const { explain } = await import("./refusal.js");
    const answers = await Promise.all(requests.map(([path, body = ""]) =>
        fetch(path, { method: "POST", body })));
    return explain(answers.find(({ ok }) => !ok));
}

const word = (name) => ko[`refusal.${name}`].replace(/\s+/g, " ");

for (const [name, args, ...requests] of REFUSED) {
    test(`${requests.at(-1)[0]} ${args[0] ?? ""}: ${name}`, TEST, async (t) => {
        const page = await open(t, args);
        assert.equal(await page.evaluate(explainRefusal, requests), word(name));
    });
}

test("a wrong token", TEST, async (t) => {
    const directory = await mkdtemp(join(tmpdir(), "crier-token-"));
    t.after(() => rm(directory, { recursive: true }));
    await writeFile(join(directory, "token"), "s3cret\n");
    const page = await open(t, ["--publish-token", join(directory, "token")]);
    assert.equal(await page.evaluate(explainRefusal, [["update", HELLO]]),
        word("token"));
});

test("a proxy that keeps the name of the page from the server", TEST,
    async (t) => {
        const page = await open(t, []);
        await page.route("**/update", async (route) => route.fulfill({
            response: await route.fetch({ headers: {
                ...route.request().headers(), origin: "https://chat.example",
            } }),
        }));
        assert.equal(await page.evaluate(explainRefusal, [["update", HELLO]]),
            word("name"));
    });

test("a stream that is refused", TEST, async (t) => {
    const page = await open(t, []);
    await page.evaluate(() => fetch("faults?refuse=9", { method: "POST" }));
    assert.equal(await page.evaluate(async () => {
        const { tellRefusal } = await import("./refusal.js");
        await tellRefusal(document.querySelector("#error"), "subscribe");
        return document.querySelector("#error").textContent;
    }), word("busy"));
});

test("what has no words of ours is told as the server says it", TEST,
    async (t) => {
        const page = await open(t, []);
        assert.match(await page.evaluate(explainRefusal, [["update", "hello"]]),
            /JSON|double quotes/);
    });
