// DNS rebinding: the owner of evil.example makes the name point to this
// machine, after a browser has loaded the owner's page. To the browser, page
// and server then have the same origin.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
    TEST, closeBrowser, launchBrowser, newContext, publish, startServer,
} from "./helpers.mjs";

// The newest Chromium asks the reader first; other browsers do not.
before((t) => launchBrowser(t, [
    "--host-resolver-rules=MAP evil.example 127.0.0.1",
    "--disable-features=LocalNetworkAccessChecks",
]));
after(closeBrowser);

// A page that keeps its own name back, as such a page would.
const PAGE = '<meta name="referrer" content="no-referrer"><title>evil</title>';

async function openPage(t, server, name) {
    const page = await (await newContext(t)).newPage();
    const url = `http://${name}:${server.port}/evil`;

    await page.route(url, (route) =>
        route.fulfill({ contentType: "text/html", body: PAGE }));
    await page.goto(url);
    return page;
}

// What the page's scripts hear.
function listen(page) {
    return page.evaluate(async () => {
        const heard = await new Promise((resolve) => {
            const source = new EventSource("/subscribe?lastEventId=0");
            source.onmessage = ({ data }) => resolve(data);
            source.onerror = () => resolve(`readyState ${source.readyState}`);
        });
        const status = async (path, fields) =>
            (await fetch(path, fields)).status;
        const disguised = { headers: { "User-Agent": "curl/8" } };
        return {
            heard,
            poll: await status("/poll?after=0"),
            disguised: await status("/poll?after=0", disguised),
            file: await status("/index.html"),
            post: await status("/update", { method: "POST", body: "{}" }),
        };
    });
}

test("a page of a foreign name hears nothing", TEST, async (t) => {
    const server = await startServer(t);
    await publish(server, "a secret");
    const page = await openPage(t, server, "evil.example");
    assert.deepEqual(await listen(page), {
        heard: "readyState 2", // for good
        poll: 403, disguised: 403, file: 403, post: 403,
    });
    await page.goto(`http://evil.example:${server.port}/`);
    assert.match(await page.textContent("body"), /--server-name/);
});

test("the same page under a name of ours hears all", TEST, async (t) => {
    const server = await startServer(t);
    await publish(server, "a secret");
    for (const name of ["localhost", "a.localhost"]) {
        const answers = await listen(await openPage(t, server, name));
        assert.match(answers.heard, /a secret/, name);
        assert.equal(answers.poll, 200, name);
        assert.equal(answers.file, 200, name);
        assert.equal(answers.post, 400, name);
    }
});

test("--server-name makes a name ours", TEST, async (t) => {
    const args = ["--server-name", "evil.example"];
    const server = await startServer(t, { args });
    await publish(server, "no secret");
    const answers = await listen(await openPage(t, server, "evil.example"));
    assert.match(answers.heard, /no secret/);
});
