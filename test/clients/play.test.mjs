// Scripted streams, read by the libraries that pages use: what was written as a
// text file arrives as from the real server.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { EventSource as EventSource3 } from "eventsource-3";
import EventSource2 from "eventsource-2";
import { EventSourceParserStream } from "eventsource-parser/stream";
import OpenAI from "openai";
import { TEST, startServer, until } from "./helpers.mjs";

// A server of one script, s.sse; its URL.
async function serve(t, script) {
    const directory = mkdtempSync(join(tmpdir(), "crier-"));
    t.after(() => rmSync(directory, { recursive: true }));
    writeFileSync(join(directory, "s.sse"), script);
    const server = await startServer(t, "--public", directory);
    return `${server.url}/s.sse`;
}

const openai = (baseURL) => new OpenAI({ baseURL, apiKey: "none", maxRetries: 0 });

const question = {
    model: "example", stream: true,
    messages: [{ role: "user", content: "What is an event?" }],
};

test("openai streams a completion from a text file", TEST, async (t) => {
    const server = await startServer(t);
    const client = openai(`${server.url}/examples/tokens.sse`);
    const stream = await client.chat.completions.create(question);
    const pieces = [];
    let reason;
    for await (const { choices: [{ delta, finish_reason }] } of stream) {
        pieces.push(delta.content ?? "");
        reason = finish_reason ?? reason;
    }
    assert.equal(pieces.join(""), "Server-Sent Events are plain text over one " +
        "long response. Each event is a few lines, and an empty line ends it.");
    assert.ok(pieces.length > 20, `only ${pieces.length} pieces`);
    assert.equal(reason, "stop");
});

test("openai sees the error that a status says", TEST, async (t) => {
    const url = await serve(t, ': status 429 {"error":{"message":"too fast"}}\n');
    await assert.rejects(openai(url).chat.completions.create(question),
        (error) => error instanceof OpenAI.RateLimitError &&
            /too fast/.test(error.message));
});

test("openai sees a stream that breaks", TEST, async (t) => {
    const url = await serve(t,
        'data: {"choices":[{"index":0,"delta":{"content":"half"}}]}\n\n: reset\n');
    const stream = await openai(url).chat.completions.create(question);
    await assert.rejects(async () => {
        for await (const _ of stream) { /* until it breaks */ }
    });
});

for (const [name, Source] of [["2", EventSource2], ["3", EventSource3]]) {
    test(`eventsource ${name} comes back after each drop, and then stops`, TEST,
        async (t) => {
            const server = await startServer(t);
            const source = new Source(`${server.url}/examples/drops.sse?speed=20`);
            const heard = [];
            t.after(() => source.close());
            source.onmessage = ({ data, lastEventId }) =>
                heard.push(`${lastEventId} ${data}`);
            source.onerror = () => {}; // it comes back
            await until("the end", async () =>
                source.readyState === Source.CLOSED);
            assert.deepEqual(heard, Array.from({ length: 9 }, (_, i) =>
                `${i + 1} event ${i + 1} of 9`));
        });
}

async function parse(url, options) {
    const response = await fetch(url, options);
    const events = response.body.pipeThrough(new TextDecoderStream())
        .pipeThrough(new EventSourceParserStream());
    const all = [];
    for await (const { event, id, data } of events) {
        all.push({ event, id, data });
    }
    return all;
}

test("eventsource-parser reads a posted stream, cut into bytes", TEST,
    async (t) => {
        const text = "안녕하세요 👋 여러분";
        const url = await serve(t,
            `: split\nevent: say\nid: 7\ndata: ${text}\n\ndata: [DONE]\n`);
        const options = { method: "POST", body: "{}" };
        assert.deepEqual(await parse(url, options), [
            { event: "say", id: "7", data: text },
            { event: undefined, id: undefined, data: "[DONE]" },
        ]);
    });

test("eventsource-parser reads a text word by word", TEST, async (t) => {
    const url = await serve(t, "data: one  two\ndata: three\n\n");
    const words = await parse(`${url}?words=5ms`);
    assert.deepEqual(words.map(({ data }) => data), ["one", "  two", "\nthree"]);
});
