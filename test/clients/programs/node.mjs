// usage: node.mjs LIBRARY URL [TEXT]: prints a stream's lines as they come, or
// posts TEXT. A library that gives events instead of lines gets them printed as
// lines again. One that reconnects runs until it is ended.

import http from "node:http";

const say = (line) => process.stdout.write(`${line}\n`);

function sayEvent({ type, event = type, id, lastEventId = id, data }) {
    say(`event: ${event || "message"}`);
    say(`id: ${lastEventId ?? ""}`);
    say(`data: ${data}`);
}

function sayAll(source) {
    source.onopen = () => say("open");
    source.onmessage = sayEvent;
    source.onerror = () => {}; // it comes back
    source.addEventListener("gap", sayEvent);
    source.addEventListener("joined", sayEvent);
}

// Its page's window: it reconnects only where there is one.
function pretendToBeAPage() {
    globalThis.window = globalThis;
    globalThis.document = {
        hidden: false, addEventListener() {}, removeEventListener() {},
    };
}

const libraries = {
    async fetch(url) {
        const response = await fetch(url);
        for await (const piece of response.body) {
            process.stdout.write(piece);
        }
    },

    async http(url) {
        await new Promise((resolve, reject) => {
            http.get(url, (response) => {
                response.on("data", (piece) => process.stdout.write(piece));
                response.on("end", resolve);
                response.on("error", reject);
            }).on("error", reject);
        });
    },

    async parser(url) {
        const { EventSourceParserStream } =
            await import("eventsource-parser/stream");
        const { body } = await fetch(url);
        const events = body.pipeThrough(new TextDecoderStream()).pipeThrough(
            new EventSourceParserStream({
                onRetry: (ms) => say(`retry: ${ms}`),
                onError: (error) => process.stderr.write(`${error}\n`),
            }));
        for await (const event of events) {
            sayEvent(event);
        }
    },

    async "eventsource-2"(url) {
        const { default: EventSource } = await import("eventsource-2");
        sayAll(new EventSource(url));
    },

    async "eventsource-3"(url) {
        const { EventSource } = await import("eventsource-3");
        sayAll(new EventSource(url));
    },

    async launchdarkly(url) {
        const { EventSource } = await import("launchdarkly-eventsource")
            .then((module) => module.default);
        sayAll(new EventSource(url, { initialRetryDelayMillis: 100 }));
    },

    async polyfill(url) {
        const { default: { EventSourcePolyfill } } =
            await import("event-source-polyfill");
        sayAll(new EventSourcePolyfill(url));
    },

    async reconnecting(url) {
        const { default: EventSource } = await import("eventsource-2");
        const { default: module } = await import("reconnecting-eventsource");
        sayAll(new (module.default ?? module)(url,
            { eventSourceClass: EventSource, max_retry_time: 100 }));
    },

    async microsoft(url) {
        pretendToBeAPage();
        const { fetchEventSource } =
            await import("@microsoft/fetch-event-source");
        await fetchEventSource(url, {
            async onopen() { say("open"); },
            // It fires for an event without data, too, unlike the standard.
            onmessage: (event) => event.data && sayEvent(event),
            onclose() { throw new Error("so that it reconnects"); },
            onerror: () => {},
        });
    },
};

const [library, url, text] = process.argv.slice(2);
if (text === undefined) {
    await libraries[library](url);
} else {
    const body = JSON.stringify({ text });
    say(await (await fetch(url, { method: "POST", body })).text());
}
