// The state of the connection in every page's header: a lamp and a word.

const STATES = {
    connecting: "Connecting…",
    live: "Live",
    reconnecting: "Reconnecting…",
    refused: "Refused. Trying again soon…",
};

const element = document.getElementById("state");

export function showState(name) {
    // A screen reader reads each change aloud, even to the same text.
    if (element.dataset.state !== name) {
        element.dataset.state = name;
        element.textContent = STATES[name];
    }
}
