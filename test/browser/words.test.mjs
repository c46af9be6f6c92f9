// The words of the pages: both languages have the same ones, the pages use them
// all and have no others, and the reader gets the language that was asked for.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import {
    TEST, closeBrowser, launchBrowser, loadModule, newContext, newPage,
    startServer, stateIs,
} from "./helpers.mjs";
import { VISITS } from "./states.mjs";

const PUBLIC = new URL("../../public/", import.meta.url);
const TAGS = ["en", "ko"];
const LONG = { timeout: 300000 }; // every page in every state

const files = readdirSync(PUBLIC).filter((name) => /\.(html|js)$/.test(name)
    && !name.startsWith("words-"));
const pages = files.filter((name) => name.endsWith(".html"));
const read = (name) => readFileSync(new URL(name, PUBLIC), "utf8");
const [en, ko] = await Promise.all(TAGS.map(async (tag) =>
    (await loadModule(`words-${tag}.js`)).default));

before(launchBrowser);
after(closeBrowser);

// What both languages must have the same.
const bones = (word) => Object.values(Object(word)).length > 0
    && typeof word === "object"
    ? bones(word.other) : word.match(/\{\w+\}|<\/?\w+>/g)?.sort();

test("both languages have the same keys, placeholders and tags", () => {
    assert.deepEqual(Object.keys(ko), Object.keys(en));
    for (const key of Object.keys(en)) {
        assert.deepEqual(bones(ko[key]), bones(en[key]), key);
    }
});

test("each number has its form in each language", () => {
    for (const [tag, words] of [["en", en], ["ko", ko]]) {
        const { pluralCategories } = new Intl.PluralRules(tag).resolvedOptions();
        for (const [key, word] of Object.entries(words)) {
            if (typeof word === "object") {
                assert.deepEqual(Object.keys(word).sort(),
                    [...pluralCategories].sort(), `${tag} ${key}`);
            }
        }
    }
});

test("no word is missing in the pages, and none is left over", () => {
    const groups = new Set(Object.keys(en).map((key) => key.split(".")[0]));
    const named = new Set(files.flatMap((name) => [...read(name).matchAll(
        /"(([a-z]+)(\.\w+)+)"/g)].filter(([, key, group]) =>
        groups.has(group) && !/\.(js|html|css)$/.test(key))
        .map(([, key]) => key)));
    assert.deepEqual([...named].filter((key) => !(key in en)), []);
    assert.deepEqual(Object.keys(en).filter((key) => !named.has(key)), []);
});

test("no module has a sentence of its own", () => {
    // A field of HTTP, a class, and what only a programmer reads.
    const others = [/^[A-Z][A-Za-z-]+: /, /^no locks$/, /^data comment$/, /^HTTP\/1\.1 /,
        /^GET \$/, /^crier \$\{VERSION\}/, /px system-ui, sans-serif$/];
    for (const name of files.filter((file) => file.endsWith(".js"))) {
        const code = read(name).replace(/^\s*\/\/.*$/gm, "")
            .replace(/ \/\/ .*$/gm, "");
        for (const [, quote, text] of code.matchAll(/(["`])(.*?)\1/gs)) {
            const sentence = /\p{L}{2,} \p{L}{2,}|\p{Script=Hangul}/u.test(
                text.replace(/\$\{.*?\}/g, "")) && quote;
            assert.ok(!sentence || others.some((other) => other.test(text)),
                `${name}: ${text}`);
        }
    }
});

// Every word becomes ⟦key⟧. What then stands on a page without these brackets
// is a text that is not among the words.
test("nothing on a page is missing among the words", LONG, async (t) => {
    const marked = Object.entries(en).map(([key, word]) => [key,
        `⟦${key} ${bones(word)?.filter((bone) => bone[0] === "{")
            .join(" ") ?? ""}⟧`]);
    const names = new Set(read("../src/threads/calls.def")
        .match(/"\w+"/g).map((name) => name.slice(1, -1)));
    names.add("pthread_mutex_lock"); // a futex, too: see calls.def
    const roles = read("../src/routes.c") + read("../include/server/route.h");
    for (const [, role] of roles.matchAll(/(?:, |_PUBLISHER )"(\w+)"/g)) {
        names.add(role);
    }
    for (const { path, args, states } of VISITS) {
        const server = await startServer(t, { args });
        const page = await newPage(t);
        await page.addInitScript(keepCanvasTexts);
        await page.route("**/words-en.js", (route) => route.fulfill({
            contentType: "text/javascript",
            body: `export default ${
                JSON.stringify(Object.fromEntries(marked))};`,
        }));
        await page.route("**/labs/en.html", (route) => route.fulfill({
            contentType: "text/html", body: WORDLESS,
        }));
        await page.goto(server.url + path);
        const { threads } = await (await fetch(`${server.url}/threads`)).json();
        threads.forEach(({ role }) => names.add(role));
        for (const [state, bring] of Object.entries(states)) {
            await bring(page, server);
            const texts = await page.evaluate(collectTexts);
            assert.ok(texts.length > 5, `${path} has ${texts.length} texts`);
            for (const text of texts.filter((one) => !names.has(one))) {
                assert.ok(!/\p{L}/u.test(withoutWords(text)),
                    `${path}, ${state}: ${text}`);
            }
        }
    }
});

// The text of a lab is not of the page, so this one has no words.
const WORDLESS = `<section id="lab-1" data-look="own"><h2>1</h2>
    <div class="step"><p class="command"><code>2</code></p></div>
    <div class="step"><div class="predict" data-question="1-1" data-answer="1">
        <p>3</p><ol><li>4</li><li>5</li></ol><div class="why"><p>6</p></div>
    </div></div><div class="step"><p>7</p></div></section>`;

// A word may have another one in it. A status is the server's.
function withoutWords(text) {
    const rest = text.replace(/⟦[^⟦⟧]*⟧|^\d{3} text\/.*$/g, "");
    return rest === text ? rest : withoutWords(rest);
}

test("every page is visited", () => {
    const visited = VISITS.map(({ path }) =>
        path.slice(1).split("?")[0] || "index.html");
    assert.deepEqual(pages.filter((page) => !visited.includes(page)), []);
});

test("the address, the switch and the browser choose the language", TEST,
    async (t) => {
        const server = await startServer(t);
        const context = await newContext(t, { locale: "ko-KR" });
        const page = await context.newPage();
        await page.goto(`${server.url}/`);
        await stateIs(page, ko["state.live"]);
        assert.equal(await page.evaluate("document.documentElement.lang"), "ko");

        await page.goto(`${server.url}/?lang=en`);
        await stateIs(page, en["state.live"]);
        await page.getByRole("link", { name: en["page.inspect"] }).click();
        await page.getByRole("heading", { name: en["inspect.title"] }).waitFor();

        await page.goto(`${server.url}/inspect.html?by=fetch`);
        await page.getByRole("link", { name: "English" }).press("Enter");
        await page.getByRole("heading", { name: en["inspect.title"] }).waitFor();
        assert.equal(await page.locator("#by").inputValue(), "fetch");
        await page.goto(`${server.url}/compare.html`); // it was kept
        await page.getByRole("heading", { name: en["compare.title"] }).waitFor();
        await stateIs(page, en["state.live"]); // its word moves the link
        await page.getByRole("link", { name: "한국어" }).click();
        await page.getByRole("heading", { name: ko["compare.title"] }).waitFor();
    });

// These run in the page.

function keepCanvasTexts() {
    globalThis.canvasTexts = new Set();
    const { fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function keep(text, ...rest) {
        globalThis.canvasTexts.add(text);
        fillText.call(this, text, ...rest);
    };
}

// All texts of the page, but what people and servers said: messages, names.
function collectTexts() {
    const skip = "[translate=no], [lang]:not(html), code, pre, noscript, script, "
        + "time, .day, .message, [role=alert]";
    const texts = [document.title, ...globalThis.canvasTexts];
    const walker = document.createTreeWalker(document.body,
        NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        if (!walker.currentNode.parentElement.closest(skip)) {
            texts.push(walker.currentNode.data);
        }
    }
    for (const element of document.body.querySelectorAll("*")) {
        if (!element.closest(skip)) {
            for (const name of ["aria-label", "aria-description", "alt",
                "placeholder", "title"]) {
                texts.push(element.getAttribute(name) ?? "");
            }
        }
    }
    return texts.filter((text) => text.trim() !== "");
}
