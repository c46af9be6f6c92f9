// A browser opens six HTTP/1.1 connections to a host, and a stream holds one
// of them: so all tabs share a single stream, which one hub (hub.js) listens
// to for all. Each way to a hub is a function that calls receive(message) with
// what the hub says, and returns the function that leaves it.

import { BEAT_MS, Hub, MISSED_BEATS } from "./hub.js";

export function joinTabs(log, receive) {
    if (globalThis.SharedWorker) {
        return joinWorker(log, receive);
    }
    // Browsers have locks only on https and on localhost.
    return navigator.locks ? joinLeader(log, receive) : joinNobody(log, receive);
}

function joinWorker(log, receive) {
    let port;
    let silence; // beats long

    function connect() {
        silence = 0;
        port = new SharedWorker("worker.js", { type: "module" }).port;
        port.addEventListener("message", ({ data }) => listen(data));
        port.start();
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

    // The worker has crashed: whoever is first makes a new one.
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

// The tab that holds the lock "crier leader" has the hub. When it closes, or
// crashes, the next in the lock's queue gets it, and tells the others so. Each
// tab also holds a lock of its own, by which the leader learns of its end.
function joinLeader(log, receive) {
    const me = Math.random().toString(36).slice(2);
    const channel = new BroadcastChannel("crier");
    const leaving = new AbortController();
    const left = new Promise((resolve) => {
        leaving.signal.addEventListener("abort", resolve);
    });
    let hub; // if this tab is the leader
    let leader; // who has sent its log; only from then on its entries count

    function request(lock, work) {
        navigator.locks.request(lock, { signal: leaving.signal }, work)
            .catch(() => {}); // left while it waited
    }

    function send(message, to) {
        if (to !== me) {
            channel.postMessage({ from: me, to, message });
        }
        if (to === undefined || to === me) {
            receive(message);
        }
    }

    function lead() {
        hub = new Hub(send);
        hub.join(me, log.copy());
        channel.postMessage({ leads: me });
        return left;
    }

    function join() {
        channel.postMessage({ joins: me });
        return left;
    }

    channel.addEventListener("message", ({ data }) => {
        if (data.joins && hub) {
            hub.join(data.joins, log.copy());
            request(`crier tab ${data.joins}`, () => hub.leave(data.joins));
        } else if (data.leads) {
            leader = undefined;
            join();
        } else if (data.message && (data.to ?? me) === me) {
            leader = data.message.log ? data.from : leader;
            if (leader === data.from) {
                receive(data.message);
            }
        }
    });
    request(`crier tab ${me}`, join);
    request("crier leader", lead);
    return () => {
        hub?.close();
        leaving.abort();
        channel.close();
    };
}

function joinNobody(log, receive) {
    const hub = new Hub(receive);
    hub.join("me", log.copy());
    return () => hub.close();
}
