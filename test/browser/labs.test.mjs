// The labs in a real browser: the text is the README's, commands can be copied,
// a prediction comes before what it is about, and a class can vote.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
    TEST, closeBrowser, launchBrowser, newContext, newPage, startServer, stateIs,
    subscribe, take, watch,
} from "./helpers.mjs";
import { TEXTS, read, render } from "./labs-text.mjs";

const WALL = { viewport: { width: 1280, height: 720 } };
const PHONE = { viewport: { width: 360, height: 640 } };

before(launchBrowser);
after(closeBrowser);

const button = (page, name) => page.getByRole("button", { name, exact: true });

async function openLabs(t, server, search, options) {
    const page = await newPage(t, options);
    await page.goto(`${server.url}/labs.html${search}`);
    await stateIs(page, "Live");
    return page;
}

// Points at one place of the picture after the other, until this is told.
async function describes(page, wanted) {
    const told = page.locator("#told");
    const { width, height } = await page.locator("#picture").boundingBox();
    for (let y = 5; y < height; y += 10) {
        for (let x = 5; x < width; x += 10) {
            await page.locator("#picture").hover({ position: { x, y } });
            if (wanted.test(await told.textContent())) {
                return;
            }
        }
    }
    assert.fail(`nowhere ${wanted}`);
}

// Waits until these stand beside the choices.
function counts(page, wanted) {
    return page.waitForFunction((texts) => texts.join("|") === [
        ...document.querySelectorAll(".count"),
    ].map((count) => count.textContent).join("|"), wanted);
}

// A phone has a browser of its own.
const openPhone = (t, server, search = "?vote") =>
    openLabs(t, server, search, PHONE);

test("public/labs is what make labs-text makes of the README", () => {
    for (const { from, to } of TEXTS) {
        assert.equal(read(to), render(read(from)), to);
    }
});

test("the labs are the same in each language", () => {
    const [first, ...others] = TEXTS.map(({ to }) => [...read(to).matchAll(
        /data-\w+="[^"]*"|class="step \w+"|<p class="command">.*|<pre[^]*?<\/pre>|<details>/g,
    )].flat());
    assert.ok(first.length > 130, `${first.length} parts`);
    for (const other of others) {
        assert.deepEqual(other, first);
    }
});

test("the commands are those that make check-labs runs", TEST, async (t) => {
    const server = await startServer(t);
    const page = await newPage(t);
    await page.goto(server.url);
    const shown = await page.evaluate(async () => {
        const text = await (await fetch("labs/en.html")).text();
        const all = new DOMParser().parseFromString(text, "text/html");
        return [...all.querySelectorAll("section[id] .command code")]
            .map((code) => code.textContent);
    });
    const labs = read("test/labs/README.md").split(/^## /m)
        .filter((section) => /^\d/.test(section));
    const run = labs.flatMap((section) => [...section.matchAll(
        /^ {4}\$ (.*)$/gm)].map(([, command]) => command));
    assert.ok(run.length > 40, `${run.length} commands`);
    assert.deepEqual(shown, run);
    for (const lab of labs) {
        assert.match(lab, /^> \*\*Predict:\*\*/m);
    }
});

test("each command says in which terminal to type it", TEST, async (t) => {
    const server = await startServer(t);
    const page = await newPage(t);
    await page.goto(`${server.url}/labs.html?lab=2`);
    await page.locator(".terminal").first().waitFor();
    const lines = await page.locator(".step > p").evaluateAll((all) =>
        all.map((one) => (one.querySelector("code") ?? one).textContent));
    assert.match(lines[0], /^In the server's terminal/);
    assert.match(lines[1], /^make run/);
    assert.match(lines[2], /^In the second terminal/);
    assert.match(lines[3], /^scripts\/subscribe/);
    assert.match(lines[4], /^exec/); // in the same one
});

test("a command can be copied", TEST, async (t) => {
    const server = await startServer(t);
    const context = await newContext(t,
        { permissions: ["clipboard-read", "clipboard-write"] });
    const page = await context.newPage();
    await page.goto(`${server.url}/labs.html?lab=8`);
    await button(page, "Copy: make lab LAB=if").click();
    await button(page, "Copied").waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()),
        "make lab LAB=if");
});

// As on a phone that comes by an address and without https.
test("a browser without a clipboard copies what is selected", TEST,
    async (t) => {
        const server = await startServer(t);
        const context = await newContext(t, { permissions: ["clipboard-read"] });
        await context.addInitScript(() => {
            navigator.clipboard.writeText = undefined;
        });
        const page = await context.newPage();
        await page.goto(`${server.url}/labs.html?lab=8`);
        await button(page, "Copy: make lab LAB=if").click();
        await button(page, "Copied").waitFor();
        assert.equal(await page.evaluate(() => navigator.clipboard.readText()),
            "make lab LAB=if");
        assert.equal(await page.evaluate(() => String(getSelection())),
            "make lab LAB=if");
    });

test("the answer and the next step come after a prediction", TEST,
    async (t) => {
        const server = await startServer(t);
        const page = await newPage(t);
        const { problems } = watch(page);
        await page.goto(`${server.url}/labs.html?lab=4`);
        await stateIs(page, "Live");
        await button(page, "Next").click();
        await page.getByText("Step 2 of 4").waitFor();
        const why = page.getByText("But the publisher itself wakes three");
        assert.ok(await button(page, "Next").isDisabled());
        assert.ok(!await why.isVisible());
        await page.getByRole("radio", { name: /^3/ }).check();
        await button(page, "This is my answer").click();
        await page.getByText("It is another one.").waitFor();
        assert.ok(await why.isVisible());
        assert.equal(await page.locator(".choice.right").textContent(),
            "2The time until the publisher has its reply.right");
        assert.deepEqual(problems, []);

        await page.reload();
        await page.getByText("It is another one.").waitFor();
        await button(page, "Next").click();
        await page.getByText("The publisher has to wake 1,000").waitFor();
        assert.equal(await button(page, "Ask the class").count(), 0);
    });

test("three phones vote, and the wall shows it", TEST, async (t) => {
    const server = await startServer(t, { args: ["--classroom"] });
    const wall = await openLabs(t, server, "?lab=4&step=2", WALL);
    const phones = await Promise.all([1, 2, 3].map(() => openPhone(t, server)));
    const [first, second, third] = phones;
    await first.getByText("the question comes here by itself").waitFor();
    await button(wall, "Ask the class").click();
    await wall.getByText("0 have voted").waitFor();
    for (const [phone, choice] of [[first, 2], [second, 2], [third, 1]]) {
        await phone.getByRole("radio", { name: RegExp(`^${choice}`) }).check();
        await button(phone, "Vote").click();
        await phone.getByText("Your vote is counted.").waitFor();
    }
    await wall.getByText("3 have voted").waitFor();
    await counts(wall, ["", "", ""]);

    await button(wall, "Show the votes").click();
    await wall.getByText("2 votes").waitFor();
    await counts(wall, ["1 vote", "2 votes", "0 votes"]);
    await third.getByText("1 vote", { exact: true }).waitFor();
    assert.equal(await third.locator(".why").isVisible(), false);

    // One vote a browser, which may be another one; also after a reload.
    await third.reload();
    await third.getByText("Your vote is counted.").waitFor();
    await third.getByRole("radio", { name: /^3/ }).check();
    await button(third, "Vote").click();
    await wall.getByText("0 votes").waitFor();
    await wall.getByText("3 have voted").waitFor();
    await counts(wall, ["0 votes", "2 votes", "1 vote"]);

    assert.ok(await button(wall, "Next").isDisabled());
    await button(wall, "Show the answer").click();
    await first.getByText("You were right.").waitFor();
    await third.getByText("It is another one.").waitFor();
    await counts(third, ["0 votes", "2 votes · right", "1 vote · your answer"]);
    await wall.getByText("But the publisher itself wakes three").waitFor();
    await counts(wall, ["0 votes", "2 votes · right", "1 vote"]);
    assert.equal(await wall.getByText("Only this machine").count(), 0);

    await subscribe(t, server, 40);
    await wall.getByText("idle 40 ·").waitFor();
    await wall.waitForTimeout(500); // for the tiles to arrive
    await take(wall, "labs.png");

    await button(wall, "Ask again").click();
    await wall.getByText("0 have voted").waitFor();
    await first.getByText("You were right.").waitFor({ state: "hidden" });
    assert.equal(await first.getByRole("radio", { checked: true }).count(), 0);
    await button(wall, "End the vote").click();
    await button(wall, "Ask the class").waitFor();
});

test("a phone that reads another lab is called, and goes if it likes", TEST,
    async (t) => {
        const server = await startServer(t, { args: ["--classroom"] });
        const wall = await openLabs(t, server, "?lab=5&step=2", WALL);
        const phone = await openPhone(t, server, "?vote&lab=2");
        await button(wall, "Ask the class").click();
        await phone.getByText("The class votes in lab 5.").waitFor();
        await phone.getByRole("heading", { name: "Where a thread blocks" }).waitFor();
        await phone.getByRole("link", { name: "Go to the question" }).click();
        await button(phone, "Vote").waitFor();
        assert.match(phone.url(), /vote/);
        await wall.goto(`${server.url}/labs.html?lab=6&step=2`);
        await button(wall, "Ask the class").click();
        await phone.getByRole("heading", { name: "C10K" }).waitFor(); // it follows now
    });

test("the votes survive neither a restart nor a lost line of the page", TEST,
    async (t) => {
        const args = ["--classroom"];
        const server = await startServer(t, { args });
        const wall = await openLabs(t, server, "?lab=4&step=2", WALL);
        await button(wall, "Ask the class").click();
        await button(wall, "Show the votes").waitFor();
        await server.stop();
        await stateIs(wall, "Reconnecting…");
        await startServer(t, { args, port: server.port });
        await button(wall, "Ask the class").waitFor();
    });

test("the threads are beside the lab", TEST, async (t) => {
    const server = await startServer(t, { args: ["--classroom"] });
    const page = await openLabs(t, server, "?lab=4", WALL);
    await page.getByText("idle 0 ·").waitFor();
    await subscribe(t, server, 1);
    await page.getByText("idle 1 ·").waitFor();
    await describes(page, /^subscriber \d+ waits to be woken$/);
    await button(page, "Send a message").click();
    await page.waitForFunction(async () =>
        (await (await fetch("healthz")).json()).messages === 1);
});

test("the keyboard alone is enough for a lab", TEST, async (t) => {
    const server = await startServer(t, { args: ["--classroom"] });
    const page = await openLabs(t, server, "?lab=4", WALL);
    await page.keyboard.press("ArrowRight");
    await page.getByText("Step 2 of 4").waitFor();
    await page.keyboard.press("ArrowRight");
    await page.getByText("Step 2 of 4").waitFor(); // first the prediction
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    await page.getByRole("radio", { name: /^2/, checked: true }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("You were right.").waitFor();
    await page.locator(".why:focus").waitFor();
    await page.keyboard.press("ArrowRight");
    await page.getByText("Step 3 of 4").waitFor();
    await page.keyboard.press("ArrowLeft");
    await page.getByText("Step 2 of 4").waitFor();
    await page.goBack();
    await page.getByText("Step 3 of 4").waitFor();
});

// Goes through all steps in one page, and returns what `measure` finds wrong.
function walk(page, measure) {
    return page.evaluate(async (source) => {
        const wrong = [];
        const measured = new Function(`return (${source})()`);
        for (let lab = 1; lab <= 14; lab++) {
            for (let step = 1; step <= 6; step++) {
                const search = new URLSearchParams(location.search);
                search.set("lab", lab);
                search.set("step", step);
                history.replaceState(null, "", `?${search}`);
                dispatchEvent(new PopStateEvent("popstate"));
                await new Promise(requestAnimationFrame);
                const result = measured();
                if (result) {
                    wrong.push(`lab ${lab}, step ${step}: ${result}`);
                }
            }
        }
        return wrong;
    }, String(measure));
}

// Runs in the page.
function fitsOnTheWall() {
    const text = document.getElementById("lesson");
    const page = document.documentElement;
    const over = Math.max(text.scrollHeight - text.clientHeight,
        page.scrollHeight - innerHeight);
    const code = text.querySelector("pre code") ?? text;
    const letters = parseFloat(getComputedStyle(code).fontSize);
    const wide = [...text.querySelectorAll("pre")].some((pre) =>
        pre.scrollWidth > pre.clientWidth);
    return over > 0 ? `${over} px too high`
        : wide ? "a line is cut off"
        : letters < 11 && `letters of ${letters} px`;
}

for (const { language } of TEXTS) {
    test(`nothing scrolls on the wall, nothing sticks out of a phone, ${language}`,
        TEST, async (t) => {
            const server = await startServer(t, { args: ["--classroom"] });
            const page = await newPage(t, WALL);
            await page.goto(`${server.url}/labs.html?lang=${language}&lab=1`);
            for (const wall of [false, true]) {
                await page.locator("#lesson .step").waitFor();
                assert.deepEqual(await walk(page, fitsOnTheWall), [], `${wall}`);
                await page.goto(
                    `${server.url}/labs.html?lang=${language}&wall&lab=1`);
            }
            await page.setViewportSize(PHONE.viewport);
            assert.deepEqual(await walk(page, () => {
                const { scrollWidth } = document.documentElement;
                return scrollWidth > innerWidth && `${scrollWidth} px wide`;
            }), []);
        });
}
