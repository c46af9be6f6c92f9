// All tabs share one stream. A browser opens at most six HTTP/1.1 connections
// to a host, and a stream keeps one of them busy for ever. So one hub (hub.js)
// listens for all tabs.
//
// There are three ways to reach a hub. Each is a function that calls
// receive(message) with the hub's messages, and returns a function that leaves.
// A browser may lack a way, or forbid it where it blocks cookies. Then the way
// throws, or calls fail() later; and the next way is tried.

import { BEAT_MS, Hub, MISSED_BEATS } from "./hub.js";
import { joinLeader } from "./leader.js";
import { VERSION } from "./version.js";

export function joinTabs(log, receive) {
    const ways = [joinWorker, joinLeader, joinAlone];
    let way; // the one in use
    let leave;

    function tryNext() {
        way = ways.shift();
        const mine = way;
        // Later, since a way may fail before it has returned.
        const fail = () => queueMicrotask(() => mine === way && giveUp());
        try {
            leave = way(log, receive, fail);
        } catch (error) {
            if (ways.length === 0) {
                throw error;
            }
            tryNext();
        }
    }

    function giveUp() {
        leave();
        tryNext();
    }

    tryNext();
    return () => {
        way = undefined; // what fails from now on does not matter
        leave();
    };
}

function joinWorker(log, receive, fail) {
    let port;
    let silence; // beats since the worker's last message
    let answered; // the worker said something

    function connect() {
        silence = 0;
        answered = false;
        const worker = new SharedWorker(`worker.js?version=${VERSION}`,
            { type: "module" });
        worker.onerror = () => answered || fail(); // it cannot be loaded
        ({ port } = worker);
        port.onmessage = ({ data }) => listen(data);
        port.postMessage({ join: log.copy() });
    }

    function listen(message) {
        silence = 0;
        answered = true;
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

    // A worker that has crashed is silent, and so is one that the browser does
    // not let us have. In the first case a tab that connects starts a new one.
    function check() {
        if (silence++ <= MISSED_BEATS) {
            return;
        }
        if (answered) {
            disconnect();
            connect();
        } else {
            fail();
        }
    }

    connect();
    const watch = setInterval(check, BEAT_MS);
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
