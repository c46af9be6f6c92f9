// The SharedWorker in which the hub lives. All tabs share it. It ends when the
// last tab closes, or when its process crashes. The browser tells neither side
// that the other one crashed, so both send heartbeats. A tab is known by its
// port.

import { BEAT_MS, Hub, MISSED_BEATS } from "./hub.js";

const missed = new Map(); // for each port, the beats without an answer

const hub = new Hub((message, port) => {
    for (const each of port ? [port] : missed.keys()) {
        each.postMessage(message);
    }
});

function listen(port, { join, leave: leaves }) {
    if (join) {
        missed.set(port, 0);
        hub.join(port, join);
    } else if (leaves) {
        leave(port);
    } else if (missed.has(port)) { // else it has left, and must join again
        missed.set(port, 0);
    }
}

function leave(port) {
    missed.delete(port);
    hub.leave(port);
}

function beat() {
    for (const [port, count] of missed) {
        if (count > MISSED_BEATS) {
            leave(port);
        } else {
            missed.set(port, count + 1);
            port.postMessage({ beat: true });
        }
    }
}

addEventListener("connect", ({ ports: [port] }) => {
    port.onmessage = ({ data }) => listen(port, data);
});
setInterval(beat, BEAT_MS);
