// Browsers that let tabs share nothing, since cookies are blocked for example:
// then each tab has a stream of its own.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
    TEST, closeBrowser, launchBrowser, launchWithoutCookies, messages,
    newContext, openTab, publish, say, shows, startServer, stateIs,
    subscribers, watch,
} from "./helpers.mjs";

before(launchBrowser);
after(closeBrowser);

// Each runs in the page before its scripts.
const BLOCKS = {
    "SharedWorker throws, locks are denied": () => {
        globalThis.SharedWorker = class {
            constructor() {
                throw new DOMException("denied", "SecurityError");
            }
        };
        LockManager.prototype.request = async () => {
            throw new DOMException("denied", "SecurityError");
        };
    },
    "SharedWorker is silent, locks throw": () => {
        globalThis.SharedWorker = class extends EventTarget {
            port = new MessageChannel().port1;
        };
        LockManager.prototype.request = () => {
            throw new DOMException("denied", "SecurityError");
        };
    },
    "the worker's script is refused, no BroadcastChannel": () => {
        const Real = SharedWorker;
        globalThis.SharedWorker = class extends Real {
            constructor(_, options) {
                super("no-such-script.js", options);
            }
        };
        delete globalThis.BroadcastChannel;
    },
    "no SharedWorker, BroadcastChannel throws, no localStorage": () => {
        delete globalThis.SharedWorker;
        globalThis.BroadcastChannel = class {
            constructor() {
                throw new DOMException("denied", "SecurityError");
            }
        };
        Object.defineProperty(globalThis, "localStorage", {
            get() {
                throw new DOMException("denied", "SecurityError");
            },
        });
    },
    "no SharedWorker, locks are silent": () => {
        delete globalThis.SharedWorker;
        LockManager.prototype.request = () => new Promise(() => {});
    },
    "no SharedWorker, tabs do not hear each other": () => {
        delete globalThis.SharedWorker;
        BroadcastChannel.prototype.postMessage = () => {};
    },
};

for (const [name, block] of Object.entries(BLOCKS)) {
    test(`${name}: each tab is live`, TEST, async (t) => {
        const server = await startServer(t);
        const context = await newContext(t);
        await context.addInitScript(block);
        await eachIsLive(context, server);
    });
}

test("cookies are blocked: each tab is live", TEST, async (t) => {
    const server = await startServer(t);
    const context = await launchWithoutCookies(t);
    const page = await context.newPage();
    await page.goto(server.url);
    const denied = await page.evaluate(() =>
        navigator.locks.request("x", () => {}).then(() => "", String));
    assert.match(denied, /SecurityError/, "the browser blocks them indeed");
    await page.close();
    await eachIsLive(context, server);
});

async function eachIsLive(context, server) {
    // Each waits for some seconds for what never answers.
    const tabs = await Promise.all([1, 2].map(() => openTab(context, server)));
    await subscribers(server, 2);
    const { problems } = watch(tabs[0]);
    await publish(server, "hello");
    await shows(tabs[0], "hello");
    await say(tabs[1], "hello to you");
    for (const tab of tabs) {
        await shows(tab, "hello to you");
        await stateIs(tab, "Live");
        assert.deepEqual(await messages(tab), ["hello", "hello to you"]);
        assert.equal(await tab.getByText("shared by").isVisible(), false);
    }
    assert.deepEqual(problems, []);
}
