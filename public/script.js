// The chat page of crier. Messages are sent with fetch() and arrive through the
// EventSource that all tabs share (tabs.js), our own ones too: what stands on
// the page, everyone has heard.

import { Log } from "./log.js";
import { joinTabs } from "./tabs.js";

const MAX_LINES = 1000; // more would only make the browser slow
const BATCH_MS = 30; // not seen by the eye, and one layout for many messages
const SEND_TIMEOUT_MS = 15000;
const NEAR_END_PX = 32;

const STATES = {
    connecting: "Connecting…",
    live: "Live",
    reconnecting: "Reconnecting…",
    refused: "Refused. Trying again soon…",
};

const said = new Log();
const state = document.getElementById("state");
const tabs = document.getElementById("tabs");
const log = document.getElementById("log");
const list = document.getElementById("messages");
const newMessages = document.getElementById("new-messages");
const form = document.getElementById("form");
const field = document.getElementById("text");
const sendButton = document.getElementById("send");
const error = document.getElementById("error");

// Connection

let leave;

function join() {
    leave ??= joinTabs(said, receive);
}

function freeze() {
    leave?.();
    leave = undefined;
}

// What the hub says, see hub.js.
function receive({ log: all, entry, state: name, tabs: count }) {
    if (all) {
        said.merge(all).forEach(show);
    } else if (entry) {
        if (said.add(entry)) {
            show(entry);
        }
    } else if (name) {
        showState(name);
    } else {
        showTabs(count);
    }
}

function showState(name) {
    if (state.dataset.state !== name) { // else it is read out at every attempt
        state.dataset.state = name;
        state.textContent = STATES[name];
    }
    if (name === "live") {
        // A screen reader shall read out what is said from now on, not the
        // history.
        setTimeout(() => log.setAttribute("aria-live", "polite"), 1000);
    }
}

function showTabs(count) {
    tabs.hidden = count < 2;
    tabs.textContent = `shared by ${count} tabs`;
}

// Messages

const queue = []; // entries to be shown, see log.js
let lastDay;

function show(entry) {
    if (queue.length === 0) {
        setTimeout(showQueue, BATCH_MS);
    }
    queue.push(entry);
}

function showQueue() {
    const before = list.lastElementChild;
    queue.splice(0).forEach(addEntry);
    if (following) {
        scrollToEnd();
    } else if (list.lastElementChild !== before) {
        newMessages.hidden = false;
    }
}

function addEntry(entry) {
    if (entry.gap === undefined) {
        addMessage(entry.id, entry.text, new Date(entry.timestamp));
    } else {
        addGap(entry.gap === "0"
            ? "Older messages are no longer kept."
            : "Some messages were missed here.");
    }
}

function addMessage(id, text, time) {
    addDay(time);
    addLine("message", createText(text), createTime(time)).id = id;
}

function addDay(time) {
    const day = time.toLocaleDateString(undefined, { dateStyle: "full" });
    if (day !== lastDay) {
        addLine("day", day);
        lastDay = day;
    }
}

function addGap(text) {
    const last = list.lastElementChild;
    if (last?.className === "gap" && last.textContent === text) {
        return; // reconnected again, and nobody has said anything in between
    }
    addLine("gap", text);
}

function addLine(className, ...content) {
    const line = document.createElement("li");
    line.className = className;
    line.append(...content);
    list.append(line);
    if (list.childElementCount > MAX_LINES) {
        list.firstElementChild.remove();
    }
    return line;
}

function createText(text) {
    const element = document.createElement("p");
    element.dir = "auto";
    element.textContent = text; // never innerHTML: strangers wrote this
    return element;
}

function createTime(time) {
    const element = document.createElement("time");
    element.dateTime = time.toISOString();
    element.title = time.toLocaleString();
    element.textContent = time.toLocaleTimeString();
    return element;
}

// Scrolling

let following = true; // the newest line is in view, and shall stay there

function scrollToEnd() {
    log.scrollTop = log.scrollHeight;
    onScroll();
}

function onScroll() {
    const below = log.scrollHeight - log.clientHeight - log.scrollTop;
    following = below < NEAR_END_PX;
    if (following) {
        newMessages.hidden = true;
    }
}

// A phone's keyboard came up, say, or an error appeared.
function onResize() {
    if (following) {
        scrollToEnd();
    }
}

function onNewMessagesClick() {
    scrollToEnd();
    log.focus(); // the button is gone now, and the focus must not be lost
}

// Sending

async function onSubmit(event) {
    event.preventDefault();
    const text = field.value;
    sendButton.disabled = true; // also keeps a second Enter from sending twice
    const problem = await post(text);
    sendButton.disabled = false;
    showError(problem);
    if (!problem) {
        clearField(text);
        scrollToEnd(); // who speaks wants to see it, also after reading above
    }
    field.focus();
}

// Returns what went wrong, in words for the reader, or "".
async function post(text) {
    try {
        const response = await fetch("/update", {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ text }),
            signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
        });
        return response.ok ? "" : (await response.json()).error ?? "Not sent.";
    } catch {
        return "Not sent: the server does not answer. Please try again.";
    }
}

function clearField(sent) {
    if (field.value === sent) { // and not already the beginning of the next one
        field.value = "";
    }
}

function showError(problem) {
    error.textContent = problem;
    field.setAttribute("aria-invalid", problem !== "");
}

// Start

log.setAttribute("aria-live", "off"); // until the history is here, see onOpen
log.addEventListener("scroll", onScroll);
new ResizeObserver(onResize).observe(log);
newMessages.addEventListener("click", onNewMessagesClick);
form.addEventListener("submit", onSubmit);
field.addEventListener("input", () => showError(""));

// pageshow comes after loading, and again when "back" wakes a frozen page;
// pagehide comes before the page is frozen, which a connection would prevent.
addEventListener("pageshow", join);
addEventListener("pagehide", freeze);
