// The list of messages on the chat page, and how it scrolls.

import { MAX_ENTRIES } from "./log.js";
import { locale, words } from "./words.js";

const BATCH_MS = 30; // too short to notice; many messages share one layout
const NEAR_END_PX = 32;

export const log = document.getElementById("log");
const list = document.getElementById("messages");
const newMessages = document.getElementById("new-messages");

// Showing

const queue = []; // entries that are not on the page yet, see log.js
let lastDay;

export function show(entry) {
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
        addGap(words(entry.gap === "0" ? "chat.older" : "chat.missed"));
    }
}

function addMessage(id, text, time) {
    addDay(time);
    addLine("message", createText(text), createTime(time)).id = id;
}

function addDay(time) {
    const day = time.toLocaleDateString(locale, { dateStyle: "full" });
    if (day !== lastDay) {
        addLine("day", day);
        lastDay = day;
    }
}

function addGap(text) {
    const last = list.lastElementChild;
    if (last?.className === "gap" && last.textContent === text) {
        return; // two reconnections with no message in between
    }
    addLine("gap", text);
}

function addLine(className, ...content) {
    const line = document.createElement("li");
    line.className = className;
    line.append(...content);
    list.append(line);
    if (list.childElementCount > MAX_ENTRIES) {
        list.firstElementChild.remove();
    }
    return line;
}

function createText(text) {
    const element = document.createElement("p");
    element.dir = "auto";
    element.textContent = text; // never innerHTML: the text may be hostile
    return element;
}

function createTime(time) {
    const element = document.createElement("time");
    element.dateTime = time.toISOString();
    element.title = time.toLocaleString(locale);
    element.textContent = time.toLocaleTimeString(locale);
    return element;
}

// Scrolling

let following = true; // keep the newest line in view
let size = ""; // of the log, when onResize has seen it

export function scrollToEnd() {
    log.scrollTop = log.scrollHeight;
    following = true;
    newMessages.hidden = true;
}

const sizeNow = () => `${log.clientWidth} ${log.clientHeight}`;

// A log that gets smaller may scroll by itself, before onResize comes.
function onScroll() {
    if (size !== sizeNow()) {
        return;
    }
    const below = log.scrollHeight - log.clientHeight - log.scrollTop;
    following = below < NEAR_END_PX;
    if (following) {
        newMessages.hidden = true;
    }
}

// For example, a phone shows its keyboard, or an error appears.
function onResize() {
    size = sizeNow();
    if (following) {
        scrollToEnd();
    }
}

function onNewMessagesClick() {
    scrollToEnd();
    log.focus(); // the button that had the focus is hidden now
}

log.addEventListener("scroll", onScroll);
new ResizeObserver(onResize).observe(log);
newMessages.addEventListener("click", onNewMessagesClick);
