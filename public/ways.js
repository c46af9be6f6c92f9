// The three ways to receive messages. Each begins after the message with the id
// `after`. It tells its meter what it sends and receives, and it stops when the
// signal is aborted.

import {
    answerBytes, eventBytes, requestBytes, streamBytes, streamRequestBytes,
} from "./meter.js";
import { Stream } from "./stream.js";

const POLL_MS = 1000;
const WAIT_S = 30;
const RETRY_MS = 1000; // after a request that failed

function pause(ms) {
    return new Promise((resolve) => {
        setTimeout(resolve, ms);
    });
}

// Returns the id of the newest message, or undefined if the signal is aborted.
// It is not measured.
export async function findNewest(signal) {
    while (!signal.aborted) {
        try {
            const response = await fetch("poll", { signal });
            const id = response.headers.get("Last-Event-ID");
            if (id) {
                return id;
            }
        } catch {
            // The server does not answer. Try again, as after an error.
        }
        await pause(RETRY_MS);
    }
    return undefined;
}

// Counts a request, and takes it back if no server answers it.
async function countedFetch(path, meter, signal) {
    const bytes = requestBytes(path);
    meter.requests += 1;
    meter.bytes += bytes;
    try {
        return await fetch(path, { signal });
    } catch (error) {
        meter.requests -= 1;
        meter.bytes -= bytes;
        throw error;
    }
}

// Makes one request. Returns the id for the next one.
async function ask(path, meter, signal) {
    const response = await countedFetch(path, meter, signal);
    const text = await response.text();
    meter.bytes += answerBytes(response, text);
    if (!response.ok) {
        throw new Error(response.statusText);
    }
    meter.live = true;
    if (response.status === 200) {
        JSON.parse(text).forEach((message) => meter.hear(message));
    }
    return response.headers.get("Last-Event-ID");
}

async function askAgainAndAgain(path, pauseMs, after, meter, signal) {
    let id = after;
    while (!signal.aborted) {
        const next = pause(pauseMs);
        try {
            id = await ask(path + id, meter, signal);
        } catch {
            meter.live = false;
            await pause(RETRY_MS);
        }
        await next;
    }
}

export function poll(after, meter, signal) {
    askAgainAndAgain("poll?after=", POLL_MS, after, meter, signal);
}

export function longPoll(after, meter, signal) {
    const path = `longpoll?wait=${WAIT_S}&after=`;
    askAgainAndAgain(path, 0, after, meter, signal);
}

export function listen(after, meter, signal) {
    let id = after; // of the newest message
    let path;

    function address() {
        path = `subscribe?lastEventId=${id}`;
        return path;
    }

    const stream = new Stream(address, {
        asked(again) {
            meter.requests += 1;
            meter.bytes += streamRequestBytes(path, again ? id : undefined);
        },
        open() {
            meter.live = true;
            meter.bytes += streamBytes(id);
        },
        lost() {
            meter.live = false;
        },
        refused() {
            meter.live = false;
        },
        message(event) {
            id = event.lastEventId;
            meter.bytes += eventBytes(event);
            meter.hear(JSON.parse(event.data));
        },
    });
    signal.addEventListener("abort", () => stream.close());
}
