// The chat page. It sends messages with fetch(), and receives them through the
// EventSource that all tabs share (tabs.js). It shows its own messages only
// when they come back, so every message on the page was sent to everyone.

import "./header.js";
import { Log } from "./log.js";
import { log, scrollToEnd, show } from "./messages.js";
import { postMessage } from "./post.js";
import { whileShown } from "./shown.js";
import { showState } from "./state.js";
import { joinTabs } from "./tabs.js";
import { words } from "./words.js";

const said = new Log();
const tabs = document.getElementById("tabs");
const form = document.getElementById("form");
const field = document.getElementById("text");
const sendButton = document.getElementById("send");
const error = document.getElementById("error");

// Receiving

let leave;

function join() {
    leave ??= joinTabs(said, receive);
}

function freeze() {
    leave?.();
    leave = undefined;
}

// Takes a message of the hub, see hub.js.
function receive({ log: all, entry, state, tabs: count }) {
    if (all) {
        said.merge(all).forEach(show);
    } else if (entry) {
        if (said.add(entry)) {
            show(entry);
        }
    } else if (state) {
        showState(state);
        if (state === "live") {
            // The history arrives within a second. After that, a screen
            // reader reads new messages aloud.
            setTimeout(() => log.setAttribute("aria-live", "polite"), 1000);
        }
    } else {
        tabs.hidden = count < 2;
        tabs.textContent = words("chat.shared", { count });
    }
}

// Sending

async function onSubmit(event) {
    event.preventDefault();
    const text = field.value;
    sendButton.disabled = true; // a second Enter does not send it twice
    const accepted = await postMessage(error, text);
    sendButton.disabled = false;
    field.setAttribute("aria-invalid", !accepted);
    if (accepted) {
        clearField(text);
        scrollToEnd(); // the reader wants to see the message just sent
    }
    field.focus();
}

function clearField(sent) {
    if (field.value === sent) { // else the next message is being typed
        field.value = "";
    }
}

function clearError() {
    error.textContent = "";
    field.setAttribute("aria-invalid", false);
}

form.addEventListener("submit", onSubmit);
field.addEventListener("input", clearError);

// Start

log.setAttribute("aria-live", "off"); // until the history is here, see receive

whileShown(join, freeze);
