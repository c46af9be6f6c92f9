// A reader's own pages, served by --public, in a real browser.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
    TEST, closeBrowser, launchBrowser, newPage, startServer, watch,
} from "./helpers.mjs";

before(launchBrowser);
after(closeBrowser);

const PAGE = `<!DOCTYPE html>
<link rel="icon" href="data:,"><script src="app.js" defer></script>
<img src="pictures/dot.svg" alt="">`;

function build(dist, text) {
    mkdirSync(join(dist, "docs", "pictures"), { recursive: true });
    writeFileSync(join(dist, "docs", "index.html"), PAGE);
    writeFileSync(join(dist, "docs", "app.js"), `document.title = "${text}"`);
    writeFileSync(join(dist, "docs", "pictures", "dot.svg"),
        `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>`);
}

async function servedBuild(t) {
    const top = mkdtempSync(join(tmpdir(), "crier-files-"));
    t.after(() => rmSync(top, { recursive: true }));
    const dist = join(top, "dist");
    build(dist, "first");
    const server = await startServer(t, { args: ["--public", dist] });
    return { dist, server };
}

test("a directory's page finds what its relative links mean", TEST,
    async (t) => {
        const { server } = await servedBuild(t);
        const page = await newPage(t);
        const { problems } = watch(page);
        for (const path of ["/docs", "/docs?q=1", "//docs"]) {
            await page.goto(server.url + path);
            const expected = path.replace("//", "/").replace("docs", "docs/");
            assert.equal(page.url(), server.url + expected);
            assert.equal(await page.title(), "first");
            assert.equal(await page.evaluate(() =>
                document.images[0].naturalWidth), 8);
        }
        assert.deepEqual(problems, []);
    });

test("a reload shows what a build has put in the old one's place", TEST,
    async (t) => {
        const { dist, server } = await servedBuild(t);
        const page = await newPage(t);
        await page.goto(`${server.url}/docs`);
        assert.equal(await page.title(), "first");
        rmSync(dist, { recursive: true });
        build(dist, "second");
        await page.reload();
        assert.equal(await page.title(), "second");
    });
