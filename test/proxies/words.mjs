// A crier behind a recipe, and words for what a client sees.

import assert from "node:assert/strict";
import { startServer, until } from "../clients/helpers.mjs";
import { NAME } from "./certificate.mjs";
import { startRecipe } from "./recipes.mjs";
import { EVENTS } from "./wire.mjs";

// A crier as the recipe wants it, behind the recipe.
export async function startBoth(t, setting, { args = [], seconds } = {}) {
    const server = await startServer(t, "--server-name", NAME,
        "--trust-proxy", "127.0.0.1", ...args);
    return { server, proxy: await startRecipe(t, setting, server, seconds) };
}

export async function done(answer) {
    await until("the end of the answer", () => answer.end);
    return answer;
}

export async function opened(client, path = "/subscribe", headers = {}) {
    const stream = client.request("GET", path, { ...EVENTS, ...headers });
    await until(`the head of ${path}`, () => /^retry: /m.test(stream.text));
    assert.equal(stream.status, 200);
    assert.match(stream.headers["content-type"], /^text\/event-stream/);
    assert.equal(stream.headers["content-encoding"], undefined);
    return stream;
}

export async function hears(stream, texts) {
    await until(`${texts.length} messages`, () =>
        stream.messages().length >= texts.length);
    assert.deepEqual(stream.messages(), texts);
}
