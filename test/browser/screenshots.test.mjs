// Takes the pictures of the README. `make screenshots` keeps them; otherwise
// they are removed, and the test only shows that they can be taken.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
    TEST, closeBrowser, launchBrowser, newContext, newPage, openTab, publishAll,
    shows, startServer, stateIs,
} from "./helpers.mjs";

const SIZE = { width: 720, height: 520 };
const SAID = [
    "Good morning! Does everybody see this?",
    "Yes!",
    "안녕하세요",
    "How many threads are we now? One for each of us, plus one that accepts, "
        + "one that waits for signals, one that notices who leaves.",
    "And all of them asleep until somebody says something.",
];
const SAID_IN_KOREAN = [
    "안녕하세요! 다들 보이시나요?",
    "네!",
    "지금 스레드가 몇 개인가요? 우리마다 하나씩, 그리고 접속을 받는 스레드, "
        + "시그널을 기다리는 스레드, 누가 떠나는지 알아차리는 스레드가 있습니다.",
    "누가 말하기 전까지는 모두 잠들어 있네요.",
];

let directory = process.env.SCREENSHOTS;

before(async () => {
    directory ??= await mkdtemp(join(tmpdir(), "crier-screenshots-"));
    await launchBrowser();
});

after(async () => {
    await closeBrowser();
    if (!process.env.SCREENSHOTS) {
        await rm(directory, { recursive: true });
    }
});

for (const colorScheme of ["light", "dark"]) {
    test(`the chat, ${colorScheme}`, TEST, async (t) => {
        const server = await startServer(t);
        const context = await newContext(t, {
            colorScheme, viewport: SIZE, locale: "en-GB",
        });
        await openTab(context, server);
        const page = await openTab(context, server);
        await publishAll(server, SAID);
        await shows(page, SAID.at(-1));
        await page.getByText("shared by 2 tabs").waitFor();
        await take(page, `chat-${colorScheme}.png`);
    });
}

test("the chat, in Korean", TEST, async (t) => {
    const server = await startServer(t);
    const context = await newContext(t, {
        viewport: SIZE, locale: "ko-KR",
    });
    const page = await context.newPage();
    await page.goto(server.url);
    await publishAll(server, SAID_IN_KOREAN);
    await shows(page, SAID_IN_KOREAN.at(-1));
    await take(page, "chat-ko.png");
});

test("the comparison", TEST, async (t) => {
    const server = await startServer(t);
    const page = await newPage(t, { viewport: { width: 961, height: 664 } });
    await page.goto(`${server.url}/compare.html`);
    await stateIs(page, "Live");
    await page.getByRole("switch").check();
    await page.waitForFunction(() =>
        Number(document.querySelector(".polling b").textContent) >= 15);
    await take(page, "compare.png");
});

test("the inspector", TEST, async (t) => {
    const server = await startServer(t);
    const page = await newPage(t, { viewport: { width: 961, height: 820 } });
    await page.goto(`${server.url}/inspect.html?url=examples/drops.sse`);
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await page.getByText("EventSource gives up").waitFor();
    await take(page, "inspect.png");
});

function take(page, name) {
    return page.screenshot({ path: join(directory, name) });
}
