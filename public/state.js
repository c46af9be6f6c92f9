// The state of the connection in every page's header: a lamp and a word.

import { words } from "./words.js";

const STATES = {
    connecting: "state.connecting",
    live: "state.live",
    reconnecting: "state.reconnecting",
    refused: "state.refused",
};

const element = document.getElementById("state");

export function showState(name) {
    // A screen reader reads each change aloud, even to the same text.
    if (element.dataset.state !== name) {
        element.dataset.state = name;
        element.textContent = words(STATES[name]);
    }
}
