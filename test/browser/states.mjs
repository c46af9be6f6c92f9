// Every page, in every state in which it looks different. Two tests go through
// all of them: access.test.mjs (can everybody use it?) and words.test.mjs (are
// its words among the words?). They do so in more than one language, so that a
// state names nothing by its words.
//
// A visit is { path, args, wall, states }: the server's options, whether the
// page fits on a wall as it is, and the states in their order. A state is a name
// and what brings the page there from the state before.

import { numbered, publish, publishAll } from "./helpers.mjs";

const live = (page) => page.locator("#state[data-state=live]").waitFor();

const lost = async (page, server) => {
    await server.stop();
    await page.locator("#state:not([data-state=live])").waitFor();
};

const said = (page, text) => page.locator("#events, #messages, #log")
    .getByText(text).first().waitFor({ state: "attached" });

// What scripts/sides tells of two rounds.
const FIGURES =
    { p50: 3, p99: 9, publish: 2, switches: 1, rate: 5000, resident: 8 };

export const MEASURED = [
    { kind: "begin", subscribers: 100, rounds: 2 },
    { kind: "floor", us: 5 },
    { kind: "look", who: "events", threads: 1, awake: 1 },
    { kind: "look", who: "threads", threads: 105, awake: 3 },
    ...[[6, 18], [8, 22]].flatMap((round) => ["paced", "burst"].flatMap((load) =>
        ["events", "threads"].map((who, i) =>
            ({ kind: "result", load, who, cpu: round[i], ...FIGURES })))),
    { kind: "end" },
];

const chat = {
    path: "/",
    args: ["--history", "50"],
    wall: true,
    states: {
        empty: live,
        "an error, and more than fits": async (page, server) => {
            await publishAll(server, numbered("message", 60));
            await page.reload();
            await said(page, "message 60");
            await page.locator("#log").press("Home");
            await page.waitForFunction(() => log.scrollTop === 0);
            await page.locator("#text").press("Enter");
            await page.locator("#error:not(:empty)").waitFor();
            await publish(server, "an unbreakable " + "w".repeat(200));
            await page.locator("#new-messages").waitFor();
        },
        lost,
    },
};

const compare = {
    path: "/compare.html",
    wall: true,
    states: {
        busy: async (page) => {
            await live(page);
            await page.locator("#many").check();
            await page.waitForFunction(() => [...document.querySelectorAll(
                "#ways b")].every(({ textContent }) => textContent > 0));
            await page.locator("summary").click();
        },
        lost,
    },
};

const threads = {
    path: "/threads.html",
    args: ["--classroom"],
    wall: true,
    states: {
        "step by step, one is chosen": async (page) => {
            await page.locator("#slow:enabled").selectOption("step");
            await page.locator("#step-by:not(:empty)").waitFor();
            await page.locator("#picture").press("ArrowRight");
            await page.locator("#table summary").click();
            await page.locator("tbody tr").first().waitFor();
        },
        poked: async (page) => {
            await page.locator("#pokes [value=lock]").click();
            await page.locator("#poked:not(:empty)").waitFor();
        },
        lost,
    },
};

const timeline = {
    path: "/timeline.html",
    wall: true,
    states: {
        empty: (page) => page.locator("#send:enabled").waitFor(),
        "a message, one is chosen": async (page) => {
            await page.locator("#send").click();
            await page.locator("#message .one").first()
                .waitFor({ state: "attached" });
            await page.locator("#picture").press("ArrowDown");
            await page.locator("#table summary").click();
        },
        paused: (page) => page.locator("#pause").click(),
        lost,
    },
};

// Without --classroom.
const others = {
    path: "/threads.html",
    wall: true,
    states: { watching: (page) => page.locator("#slow-hint").waitFor() },
};

const inspect = {
    path: "/inspect.html",
    wall: true,
    states: {
        empty: (page) => page.locator("#for-source").waitFor(),
        "a job, and faults": async (page) => {
            await page.locator("#url").fill("examples/job.sse?speed=10");
            await page.locator("#connect").click();
            await page.locator("#events .name").first().waitFor();
            await page.locator("summary").first().click();
            await page.locator("#faults button").first().click();
            await page.locator("#fault-left:not(:empty)").waitFor();
        },
        "read by fetch, and dropped": async (page, server) => {
            await page.locator("#calm").click();
            await page.locator("#fault-left:not(:empty)")
                .filter({ hasNotText: "drop" }).waitFor();
            await page.locator("#by").selectOption("fetch");
            await page.locator("#url").fill("subscribe");
            await page.locator("#connect").click();
            await page.locator("#life [data-step=open]", { hasText: "200" })
                .waitFor();
            await publish(server, "an unbreakable " + "w".repeat(200));
            await said(page, "unbreakable");
            await page.locator("#drop").click();
            await page.locator("#copy").click();
            await page.locator("#copied:not(:empty)").waitFor();
        },
    },
};

const command = (page, n) =>
    page.locator(`.teacher button:nth-of-type(${n})`).click();

const labs = {
    path: "/labs.html",
    args: ["--classroom"],
    wall: true,
    states: {
        "all labs": (page) => page.locator("#list a").first().waitFor(),
        "commands, one is copied": async (page) => {
            await page.locator("#list a").first().click();
            await page.locator(".command button").first().click();
            await page.locator("#told:not(:empty)").waitFor();
        },
        "a question": async (page) => {
            await page.locator("#next").click();
            await page.locator(".predict button[type=submit]").waitFor();
        },
        "the class is asked, and has voted": async (page) => {
            await command(page, 1);
            await page.locator(".said:not(:empty)").waitFor();
            await page.evaluate(() => fetch("votes", {
                method: "POST", body: JSON.stringify({
                    question: "1-1", choice: 2, voter: "0".repeat(32),
                }),
            }));
            await command(page, 1);
            await page.locator(".counted").first().waitFor();
        },
        "the answer": async (page) => {
            await command(page, 1);
            await page.locator(".why").waitFor();
        },
        lost,
    },
};

// As a student sees it.
const phone = {
    path: "/labs.html?vote",
    args: ["--classroom"],
    states: {
        "before the question": (page) =>
            page.locator("#call:not(:empty)").waitFor(),
        "the question": async (page) => {
            await page.evaluate(() =>
                fetch("votes?ask=1-1&choices=3", { method: "POST" }));
            await page.locator(".choice").nth(1).click();
        },
        "has voted": async (page) => {
            await page.locator(".predict button[type=submit]").click();
            await page.locator(".said:not(:empty)").waitFor();
        },
        "the answer": async (page) => {
            await page.evaluate(() =>
                fetch("votes?show=answer", { method: "POST" }));
            await page.locator(".why").waitFor();
        },
    },
};

const events = {
    path: "/events.html",
    wall: true,
    states: {
        "nothing is measured": live,
        "all is measured": async (page) => {
            await page.evaluate(async (all) => {
                for (const told of all) {
                    await fetch("update", {
                        method: "POST", body: JSON.stringify({
                            event: "sides",
                            text: JSON.stringify({ run: 1, ...told }),
                        }),
                    });
                }
            }, MEASURED);
            await page.locator("#events-told:not(:empty)").waitFor();
        },
    },
};

export const VISITS = [
    chat, compare, threads, others, timeline, labs, phone, events, inspect,
];
