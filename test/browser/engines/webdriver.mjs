// WebKit by WebDriver: Debian's WebKitWebDriver, and the MiniBrowser that it
// starts, on a display that nobody sees. WebDriver is HTTP with JSON, so fetch
// is the client (https://www.w3.org/TR/webdriver2/).

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { createInterface } from "node:readline";

const BROWSER = ["x86_64", "aarch64", "i386", "arm"].map((machine) =>
    `/usr/lib/${machine}-linux-gnu${machine === "arm" ? "eabihf" : ""}` +
    "/webkit2gtk-4.1/MiniBrowser").find(existsSync);
const START_MS = 60000;
const COMMAND_MS = 60000;
const LOOK_MS = 50;
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf"; // as WebDriver names it
const KEYS = {
    Tab: "\uE004", Enter: "\uE007", Escape: "\uE00C", End: "\uE010",
    Home: "\uE011", ArrowLeft: "\uE012", ArrowUp: "\uE013",
    ArrowRight: "\uE014", ArrowDown: "\uE015",
};

// Processes

const groups = new Set();

const kill = (pid) => {
    try {
        process.kill(-pid, "SIGKILL");
    } catch {
        // it has ended by itself
    }
    groups.delete(pid);
};
process.on("exit", () => groups.forEach(kill));

// In a group of its own, so that what it starts ends with it.
function start(command, args, options) {
    const child = spawn(command, args, { detached: true, ...options });
    child.once("error", (error) => assert.fail(error));
    groups.add(child.pid);
    return child;
}

let display; // all readers of a file of tests have windows on the same

async function startDisplay() {
    const child = start("Xvfb", ["-displayfd", "3", "-nolisten", "tcp",
        "-screen", "0", "1600x1200x24"], { stdio: [
        "ignore", "ignore", "ignore", "pipe"] });
    const [number] = await once(createInterface(child.stdio[3]), "line");
    child.unref();
    child.stdio[3].unref();
    return `:${number}`;
}

async function freePort() {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address();
    await once(server.close(), "close");
    return port;
}

// Browser

export async function openBrowser(t) {
    display ??= startDisplay();
    const port = await freePort();
    const child = start("WebKitWebDriver", [`--port=${port}`], {
        stdio: "ignore",
        env: { ...process.env, DISPLAY: await display, LANG: "en_US.UTF-8" },
    });
    let session;
    t.after(async () => {
        await session?.close();
        kill(child.pid);
    });
    const driver = `http://127.0.0.1:${port}`;
    await answers(driver);
    const { sessionId } = await command("POST", `${driver}/session`, {
        capabilities: { alwaysMatch: {
            browserName: "MiniBrowser",
            "webkitgtk:browserOptions": {
                binary: BROWSER, args: ["--automation"],
            },
        } },
    });
    session = new Session(`${driver}/session/${sessionId}`);
    return session;
}

export function closeAll() {
    groups.forEach(kill);
}

async function answers(driver) {
    const deadline = performance.now() + START_MS;
    for (;;) {
        try {
            return await command("GET", `${driver}/status`);
        } catch (error) {
            if (performance.now() > deadline) {
                throw error;
            }
        }
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
}

async function command(method, url, body) {
    const response = await fetch(url, {
        method, body: body && JSON.stringify(body),
        signal: AbortSignal.timeout(COMMAND_MS),
    });
    const { value } = await response.json();
    assert.ok(response.ok, `${url}: ${value?.error}: ${value?.message}`);
    return value;
}

// A session has one window at a time for its commands. So each command of a tab
// switches to the tab first, and waits for the command before.
class Session {
    #url;
    #first; // the window that came with the session
    #before = Promise.resolve();

    constructor(url) {
        this.#url = url;
    }

    ask(method, path, body) {
        return command(method, `${this.#url}/${path}`, body);
    }

    in(window, work) {
        const mine = this.#before.then(async () => {
            await this.ask("POST", "window", { handle: window });
            return work();
        });
        this.#before = mine.catch(() => {});
        return mine;
    }

    async newTab() {
        if (!this.#first) {
            this.#first = await this.ask("GET", "window");
            return new Tab(this, this.#first);
        }
        const { handle } = await this.ask("POST", "window/new", { type: "tab" });
        return new Tab(this, handle);
    }

    close() {
        return command("DELETE", this.#url);
    }
}

class Tab {
    #session;
    #window;

    constructor(session, window) {
        this.#session = session;
        this.#window = window;
    }

    #in(work) {
        return this.#session.in(this.#window, work);
    }

    #ask(...asked) {
        return this.#in(() => this.#session.ask(...asked));
    }

    // Asks for something of an element.
    #of(css, path, body) {
        return this.#in(async () => {
            const { [ELEMENT]: id } = await this.#session.ask("POST", "element",
                { using: "css selector", value: css });
            return this.#session.ask("POST", `element/${id}/${path}`, body);
        });
    }

    goto(url) {
        return this.#ask("POST", "url", { url });
    }

    back() {
        return this.#ask("POST", "back", {});
    }

    evaluate(work, value) {
        return this.#ask("POST", "execute/sync", {
            script: `return (${work})(arguments[0])`, args: [value ?? null],
        });
    }

    click(css) {
        return this.#of(css, "click", {});
    }

    type(css, text) {
        return this.#of(css, "value", { text });
    }

    press(key) {
        const value = KEYS[key] ?? key;
        return this.#ask("POST", "actions", { actions: [{
            type: "key", id: "keyboard", actions: [
                { type: "keyDown", value }, { type: "keyUp", value },
            ],
        }] });
    }

    choose(css, value) {
        return this.click(`${css} option[value="${value}"]`);
    }

    // A window is larger than its page.
    async resize(width, height) {
        const [w, h] = await this.evaluate(() => [innerWidth, innerHeight]);
        const rect = await this.#ask("GET", "window/rect");
        await this.#ask("POST", "window/rect", {
            width: rect.width + width - w, height: rect.height + height - h,
        });
    }

    async screenshot(file) {
        const png = await this.#ask("GET", "screenshot");
        await writeFile(file, Buffer.from(png, "base64"));
    }

    close() {
        return this.#ask("DELETE", "window");
    }
}
