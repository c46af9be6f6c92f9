// The three ways to hear of messages. Each starts after the id `after`, tells
// the meter what it sends and receives, and stops when the signal says so.

import { answerBytes, eventBytes, requestBytes, streamBytes } from "./meter.js";

const POLL_MS = 1000;
const WAIT_S = 30;
const RETRY_MS = 1000; // after an answer that is none

function pause(ms) {
    return new Promise((resolve) => {
        setTimeout(resolve, ms);
    });
}

// Returns the id to ask with next.
async function ask(path, meter, signal) {
    meter.requests += 1;
    meter.bytes += requestBytes(path);
    const response = await fetch(path, { signal });
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

async function askAgainAndAgain(path, after, meter, signal, pauseMs) {
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
    askAgainAndAgain("/poll?after=", after, meter, signal, POLL_MS);
}

export function longPoll(after, meter, signal) {
    askAgainAndAgain(`/longpoll?wait=${WAIT_S}&after=`, after, meter, signal, 0);
}

export function listen(after, meter, signal) {
    const path = `/subscribe?lastEventId=${after}`;
    const source = new EventSource(path);
    meter.requests += 1;
    meter.bytes += requestBytes(path);
    source.addEventListener("open", () => {
        meter.live = true;
        meter.bytes += streamBytes();
    });
    source.addEventListener("message", (event) => {
        meter.bytes += eventBytes(event);
        meter.hear(JSON.parse(event.data));
    });
    source.addEventListener("error", () => { // and it tries again by itself
        meter.live = false;
        meter.requests += 1;
        meter.bytes += requestBytes(path);
    });
    signal.addEventListener("abort", () => source.close());
}
