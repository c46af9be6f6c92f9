// Many streams of one browser, which trusts the test's authority: through each
// recipe over HTTP/2, and directly over HTTP/1.1.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { closeBrowser, launchBrowser, newContext } from "../browser/helpers.mjs";
import { TEST, publish, startServer, subscribers } from "../clients/helpers.mjs";
import { NAME, makeHome } from "./certificate.mjs";
import { RECIPES, certificate, startRecipe } from "./recipes.mjs";

before((t) => (process.env.HOME = makeHome(t, certificate.root)));

// Opens an EventSource, which only keeps what it hears.
function listen(page, url = "/subscribe") {
    return page.evaluate((from) => {
        globalThis.streams ??= [];
        const source = new EventSource(from);
        source.heard = [];
        source.onmessage = ({ data }) =>
            source.heard.push(JSON.parse(data).text);
        streams.push(source);
    }, url);
}

const all = (page, check, argument) => page.waitForFunction(
    `streams.every((${check})(${JSON.stringify(argument)}))`);
const open = () => (source) => source.readyState === 1;
const heard = (texts) => (source) => `${source.heard}` === `${texts}`;

function protocol(page, path) {
    return page.evaluate((name) => performance.getEntriesByType("resource")
        .find((entry) => entry.name.endsWith(name)).nextHopProtocol, path);
}

const ARGS = ["--server-name", NAME, "--trust-proxy", "127.0.0.1"];

// A page of a crier behind a recipe.
async function openPage(t, setting) {
    const server = await startServer(t, ...ARGS);
    const proxy = await startRecipe(t, setting, server);
    await launchBrowser(t, [
        `--host-resolver-rules=MAP ${NAME}:443 127.0.0.1:${proxy.port}`,
    ]);
    const page = await (await newContext(t)).newPage();
    await page.goto(`https://${NAME}/chat/style.css`);
    return { server, page };
}

for (const [name, setting] of Object.entries(RECIPES)) {
    describe(name, () => {
        after(closeBrowser);
        test(`${setting.streams} streams of a page, and crier is restarted`, TEST,
            async (t) => {
                const { server, page } = await openPage(t, setting);
                for (let i = 0; i < setting.streams; i++) {
                    await listen(page);
                }
                await all(page, open);
                await subscribers(server, setting.streams);
                await publish(server, "one");
                await all(page, heard, ["one"]);

                await server.kill();
                await all(page, () => (source) => source.readyState === 0);
                const again = await startServer(t, ...ARGS,
                    "--port", String(server.port));
                await subscribers(again, setting.streams);
                await publish(again, "two");
                await page.waitForFunction(() =>
                    streams.every(({ heard: [, text] }) => text === "two"));
                assert.equal(await protocol(page, "/subscribe"),
                    setting.ways[0].toLowerCase().replace("http/2", "h2"));
            });
    });
}

describe("nginx, without its lines for a crier that is away", () => {
    after(closeBrowser);
    test("EventSource gives up at a 502", TEST, async (t) => {
        const { server, page } = await openPage(t, {
            ...RECIPES.nginx,
            edit: [["        error_page 502 504 = @away;\n", ""]],
        });
        await listen(page);
        await all(page, open);
        await server.kill();
        await all(page, () => (source) => source.readyState === 2);
    });
});

describe("without a proxy", () => {
    before(launchBrowser);
    after(closeBrowser);
    test("over HTTP/1.1 the seventh stream waits", TEST, async (t) => {
        const server = await startServer(t);
        const page = await (await newContext(t)).newPage();
        await page.goto(`${server.url}/style.css`);
        for (let i = 0; i < 8; i++) {
            await listen(page);
        }
        await subscribers(server, 6);
        await publish(server, "one");
        const count = () => page.evaluate(() =>
            streams.filter(({ readyState }) => readyState === 1).length);
        await page.waitForFunction(() => streams.filter((source) =>
            `${source.heard}` === "one").length === 6);
        assert.equal(await count(), 6);
        await page.evaluate(() => streams.shift().close());
        await page.waitForFunction(() =>
            streams.filter(({ readyState }) => readyState === 1).length === 6);
        await subscribers(server, 6);
        assert.equal(await page.evaluate(() => streams.length), 7);
    });
});
