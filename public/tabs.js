// All tabs share one stream. A browser opens at most six HTTP/1.1 connections
// to a host, and a stream keeps one of them busy for ever. So one hub (hub.js)
// listens for all tabs.
//
// There are three ways to reach a hub. Each is a function that calls
// receive(message) with the hub's messages, and returns a function that leaves.

import { BEAT_MS, Hub, MISSED_BEATS } from "./hub.js";
import { joinLeader } from "./leader.js";

export function joinTabs(log, receive) {
    if (globalThis.SharedWorker) {
        return joinWorker(log, receive);
    }
    // Browsers have locks only on https and on localhost.
    return navigator.locks ? joinLeader(log, receive) : joinAlone(log, receive);
}

function joinWorker(log, receive) {
    let port;
    let silence; // beats since the worker's last message

    function connect() {
        silence = 0;
        port = new SharedWorker("worker.js", { type: "module" }).port;
        port.onmessage = ({ data }) => listen(data);
        port.postMessage({ join: log.copy() });
    }

    function listen(message) {
        silence = 0;
        if (message.beat) {
            port.postMessage({ here: true });
        } else {
            receive(message);
        }
    }

    function disconnect() {
        port.postMessage({ leave: true });
        port.close();
    }

    // The worker has crashed. The first tab that connects starts a new one.
    const watch = setInterval(() => {
        if (silence++ > MISSED_BEATS) {
            disconnect();
            connect();
        }
    }, BEAT_MS);

    connect();
    return () => {
        clearInterval(watch);
        disconnect();
    };
}

// Without any way to share, each tab has a hub of its own.
function joinAlone(log, receive) {
    const hub = new Hub(receive);
    hub.join("me", log.copy());
    return () => hub.close();
}
