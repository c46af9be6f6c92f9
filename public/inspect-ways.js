// The two ways to read a stream. Each takes what was asked for: { url, id,
// names, method, fields, body }, and `on`: step(name, text) for each step of
// the connection's life, event({ name, id, retry, data, comments }) for each
// event, end() when nothing more will come. Each returns a function that drops
// the connection.

import { Parser } from "./inspect-parser.js";
import { words } from "./words.js";

// An EventSource cannot send a field, but crier takes a parameter as well. A
// reconnection has the field, which wins.
export function withId(url, id) {
    const result = new URL(url);
    if (id) {
        result.searchParams.set("lastEventId", id);
    }
    return result.href;
}

export function bySource({ url, id, names }, on) {
    const source = new EventSource(withId(url, id));
    let known = id; // lastEventId stays; only a new one belongs to the event
    on.step("connecting", words("inspect.connecting"));
    source.addEventListener("open", () =>
        on.step("open", words("inspect.open")));
    source.addEventListener("error", (event) => {
        if (event instanceof MessageEvent) {
            return; // the server's own `event: error`
        }
        if (source.readyState === EventSource.CLOSED) {
            on.step("error", words("inspect.refused"));
            on.end();
        } else {
            on.step("error", words("inspect.lost"));
            on.step("reconnecting", words("inspect.reconnecting"));
        }
    });
    for (const name of new Set(["message", ...names])) {
        source.addEventListener(name, (event) => {
            // The browser's own "error" is none.
            if (event instanceof MessageEvent) {
                const { data, lastEventId } = event;
                const fresh = lastEventId !== known;
                known = lastEventId;
                on.event({ name, id: fresh ? lastEventId : undefined, data });
            }
        });
    }
    return () => source.close();
}

export function byFetch(asked, on) {
    const controller = new AbortController();
    read(asked, on, controller.signal).catch(({ message }) => {
        if (!controller.signal.aborted) {
            on.step("error", words("inspect.broke", { error: message }));
        }
    }).finally(() => on.end());
    return () => controller.abort();
}

async function read({ url, id, method, fields, body }, on, signal) {
    const headers = new Headers(fields);
    headers.set("Accept", "text/event-stream");
    if (id) {
        headers.set("Last-Event-ID", id);
    }
    on.step("connecting", words("inspect.connecting.by", { method }));
    const response = await fetch(url, {
        method, headers, signal, cache: "no-store",
        body: method === "POST" ? body : undefined,
    });
    const type = response.headers.get("Content-Type") 
        ?? words("inspect.no.type");
    on.step(response.ok ? "open" : "error", `${response.status} ${type}`);
    if (!/^text\/event-stream\b/.test(type)) {
        on.event({
            name: words("inspect.no.stream"), data: await response.text(),
        });
        return;
    }
    const parser = new Parser(on.event);
    // No pipe in between: when the line breaks, all that waits in one is lost.
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    for (;;) {
        const { value, done } = await reader.read();
        if (done) {
            on.step("end", words("inspect.ended"));
            return;
        }
        parser.add(decoder.decode(value, { stream: true }));
    }
}
