// The inspector: reads any stream of this server (inspect-ways.js), and shows
// each event as it comes, and the connection's life. The browser's own tools
// show nothing of a stream that is read by fetch.

import "./header.js";
import { asCurl } from "./inspect-curl.js";
import { byFetch, bySource } from "./inspect-ways.js";
import { words } from "./words.js";

const ROWS = 1000; // events and steps that the page keeps

const get = (id) => document.getElementById(id);
const url = get("url");
const by = get("by");
const lastId = get("id");

// The request

// Throws what is wrong, in words for the reader.
function readForm() {
    const target = readUrl();
    if (target.origin !== location.origin) {
        throw new Error(words("inspect.elsewhere"));
    }
    return {
        url: target.href,
        by: by.value,
        id: lastId.value,
        names: get("names").value.split(/[\s,]+/).filter(Boolean),
        method: get("method").value,
        fields: readFields(get("fields").value),
        body: get("body").value,
    };
}

function readUrl() {
    try {
        return new URL(url.value, document.baseURI);
    } catch {
        throw new Error(words("inspect.no.url"));
    }
}

function readFields(text) {
    return text.split("\n").filter((line) => line.trim()).map((line) => {
        const [, name, value] = /^\s*([^\s:]+)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
        if (!name) {
            throw new Error(words("inspect.no.field", { line }));
        }
        return [name, value];
    });
}

// Runs something that needs the form, and shows what is wrong with it.
function withForm(act) {
    get("error").textContent = "";
    get("copied").textContent = "";
    try {
        act(readForm());
    } catch ({ message }) {
        get("error").textContent = message;
    }
}

// The connection

let drop; // ends the connection, or undefined
let began = 0;

function connect(asked) {
    drop?.();
    began = performance.now();
    latest = undefined;
    let mine = true; // a connection that was dropped says nothing more
    const only = (act) => (...values) => mine && act(...values);
    const close = (asked.by === "fetch" ? byFetch : bySource)(asked, {
        step: only(addStep),
        event: only(addEvent),
        end: only(() => (drop = undefined, showButtons())),
    });
    drop = () => {
        mine = false;
        drop = undefined;
        close();
        addStep("dropped", words("inspect.dropped"));
        showButtons();
    };
    showButtons();
}

function showButtons() {
    get("drop").disabled = !drop;
}

// What is shown

let latest; // when the latest event of this connection came
let count = 0;

function element(name, className, text) {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
}

function keep(list, item) {
    list.append(item);
    if (list.children.length > ROWS) {
        list.firstElementChild.remove();
    }
}

const seconds = (ms) =>
    words("unit.seconds", { count: (ms / 1000).toFixed(3) });

function addStep(step, text) {
    const item = element("li", "", `${text} `);
    item.dataset.step = step;
    item.append(element("time", "", seconds(performance.now() - began)));
    keep(get("life"), item);
    get("life").scrollTop = get("life").scrollHeight; // on the wall it is short
}

// JSON can be folded out; anything else stands as it came.
function dataElement(data) {
    let value;
    try {
        value = JSON.parse(data);
    } catch {
        return element("pre", "data", data);
    }
    if (typeof value !== "object" || value === null) {
        return element("pre", "data", data);
    }
    const details = element("details", "data", "");
    details.append(element("summary", "", data),
        element("pre", "", JSON.stringify(value, null, 2)));
    return details;
}

function addEvent({ name, id, retry, data, comments }) {
    const now = performance.now();
    const item = element("li", "", "");
    const date = new Date();
    item.append(
        element("time", "", date.toLocaleTimeString("en-GB") +
            `.${String(date.getMilliseconds()).padStart(3, "0")}`),
        element("span", "since",
            `+${seconds(now - (latest ?? began))}`));
    latest = now;
    if (data !== undefined) {
        item.append(element("span", "name", name || "message"));
        get("count").textContent = `(${++count})`;
    }
    if (id !== undefined) {
        item.append(element("span", "id", `id ${id}`));
        lastId.value = id;
    }
    if (retry !== undefined) {
        item.append(element("span", "retry", `retry ${retry} ms`));
    }
    for (const comment of comments ?? []) {
        item.append(element("pre", "data comment", `: ${comment}`));
    }
    if (data !== undefined) {
        item.append(dataElement(data));
    }
    show(item);
}

// Whoever has scrolled up to read stays there.
function show(item) {
    const log = get("log");
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    keep(get("events"), item);
    if (atEnd) {
        log.scrollTop = log.scrollHeight;
    }
}

function clear() {
    get("events").replaceChildren();
    get("life").replaceChildren();
    get("count").textContent = "";
    count = 0;
}

async function copy(text) {
    let done = "inspect.copied";
    try {
        await navigator.clipboard.writeText(text);
    } catch {
        done = "inspect.copy.this"; // the browser does not let this page copy
    }
    get("copied").textContent = words(done, { text });
}

// Start

function showWay() {
    const fetching = by.value === "fetch";
    get("for-fetch").hidden = !fetching;
    get("for-source").hidden = get("names-hint").hidden = fetching;
    get("id-hint").textContent =
        words(fetching ? "inspect.id.field" : "inspect.id.parameter");
}

get("form").addEventListener("submit", (event) => {
    event.preventDefault();
    withForm((asked) => connect({ ...asked, id: "" }));
});
get("again").addEventListener("click", () => withForm(connect));
get("drop").addEventListener("click", () => drop?.());
get("clear").addEventListener("click", clear);
get("copy").addEventListener("click", () =>
    withForm((asked) => copy(asCurl(asked))));
by.addEventListener("change", showWay);
addEventListener("pagehide", () => drop?.());

// A link may name the stream: inspect.html?url=examples/job.sse&by=fetch
const wishes = new URLSearchParams(location.search);
for (const name of ["url", "by", "method", "body"]) {
    if (wishes.has(name)) {
        get(name).value = wishes.get(name);
    }
}
showWay();
