// Posts to the server, for all pages, and shows what went wrong.

import { explain } from "./refusal.js";
import { words } from "./words.js";

const TIMEOUT_MS = 15000;
const TOKEN = "crier-token"; // its name in the tab's own storage

let token = read();

// A browser that blocks cookies has no storage either: then the page keeps it.
function read() {
    try {
        return sessionStorage.getItem(TOKEN);
    } catch {
        return null;
    }
}

// Asks for the token once; the tab keeps it. Returns false if there is none.
function askForToken() {
    token = prompt(words("post.token"));
    try {
        sessionStorage.setItem(TOKEN, token ?? "");
    } catch {
        // see read
    }
    return Boolean(token);
}

// Resolves to true if the server accepted the request. Else `alert`, an element
// of the page, shows the error. `key` is for postMessage.
export async function post(alert, path, body, key) {
    alert.textContent = await attempt(path, body, key);
    return alert.textContent === "";
}

// The latest message, and its Idempotency-Key. An answer may be lost, although
// the message was not. So whoever sends the same text again sends the same key,
// and the server does not publish it twice.
let latest = {};

export async function postMessage(alert, text) {
    if (latest.text !== text) {
        latest = { text, key: newKey() };
    }
    const mine = latest;
    const accepted =
        await post(alert, "update", JSON.stringify({ text }), mine.key);
    if (accepted && latest === mine) {
        latest = {}; // the same text once more is another message
    }
    return accepted;
}

// crypto.randomUUID is only for https and localhost.
function newKey() {
    return crypto.getRandomValues(new Uint32Array(4)).join("-");
}

function send(path, body, key) {
    const headers = { "Content-Type": "application/json" };
    if (key) {
        headers["Idempotency-Key"] = `"${key}"`;
    }
    if (token) {
        headers.Authorization = `Bearer ${token}`;
    }
    return fetch(path, {
        method: "POST", headers, body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
    });
}

// Returns the error in words for the reader, or "".
async function attempt(path, body, key) {
    try {
        let response = await send(path, body, key);
        if (response.status === 401 && askForToken()) {
            response = await send(path, body, key);
        }
        return response.ok ? "" : await explain(response);
    } catch {
        return words("post.silence");
    }
}
