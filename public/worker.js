// The hub's home where there are SharedWorkers: one for all tabs, which goes
// when the last of them does, or when the process crashes that it runs in.
// Neither side is told of the other's crash, so both listen for heartbeats. A
// tab is known by its port.

import { BEAT_MS, Hub, MISSED_BEATS } from "./hub.js";

const missed = new Map(); // beats that each port has not answered

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
    } else if (missed.has(port)) { // else it was given up, and must join anew
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
    port.addEventListener("message", ({ data }) => listen(port, data));
    port.start();
});
setInterval(beat, BEAT_MS);
