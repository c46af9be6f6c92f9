// Streams that last, through each recipe: silence, clients that leave, a class
// of clients, and a crier that is restarted.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { TEST, publish, startServer, subscribers, until }
    from "../clients/helpers.mjs";
import { NAME } from "./certificate.mjs";
import { RECIPES, patience } from "./recipes.mjs";
import { EVENTS, WAYS } from "./wire.mjs";
import { done, hears, opened, startBoth } from "./words.mjs";

const HEARTBEAT = 15; // seconds, by default

// Without a message in between, only a heartbeat may tell crier.
async function noticesLeaving(t, setting, way) {
    const { server, proxy } = await startBoth(t, setting,
        { args: ["--heartbeat", "1"] });
    const client = WAYS[way](t, proxy);
    const streams = [await opened(client), await opened(client)];
    await subscribers(server, 2);
    streams[0].leave();
    await subscribers(server, 1);
    await publish(server, "hello");
    await hears(streams[1], ["hello"]);
}

const SHORT = 8; // seconds, instead of the recipe's own

async function survivesSilence(t, setting, way) {
    assert.ok(patience(setting) >= 3 * HEARTBEAT, `${patience(setting)} s`);
    const { server, proxy } = await startBoth(t, setting,
        { args: ["--heartbeat", "1"], seconds: SHORT });
    const stream = await opened(WAYS[way](t, proxy));
    await until("heartbeats", () => stream.heartbeats() > 2 * SHORT);
    await publish(server, "hello");
    await hears(stream, ["hello"]);
    assert.equal(stream.end, undefined);
}

// So the time-out that was changed is the one that counts.
async function cutsSilence(t, setting, way) {
    const { proxy } = await startBoth(t, setting, { seconds: 2 });
    const stream = await opened(WAYS[way](t, proxy));
    await done(stream);
}

async function survivesRestart(t, setting, way) {
    const { server, proxy } = await startBoth(t, setting);
    const client = WAYS[way](t, proxy);
    const stream = await opened(client);
    await server.kill();
    await done(stream);
    // An EventSource comes back after this, and not after a 502.
    const away = await done(client.request("GET", "/subscribe", EVENTS));
    assert.equal(away.status, 200);
    assert.match(away.headers["content-type"], /^text\/event-stream/);
    assert.deepEqual(away.messages(), []);
    assert.equal(away.end, "end");
    for (const method of ["GET", "POST"]) {
        const { status } = await done(client.request(method, "/update"));
        assert.ok([502, 503].includes(status), `${method}: ${status}`);
    }
    const again = await startServer(t, "--port", String(server.port),
        "--server-name", NAME);
    const { status } = await done(client.request("GET", "/"));
    assert.equal(status, 200);
    const stream2 = await opened(client);
    await publish(again, "hello");
    await hears(stream2, ["hello"]);
}

// A class: each client has a connection and a stream of its own.
async function holdsMany(t, setting, way) {
    const { server, proxy } = await startBoth(t, setting);
    const streams = Array.from({ length: 200 }, () =>
        WAYS[way](t, proxy).request("GET", "/subscribe", EVENTS));
    await subscribers(server, streams.length);
    await publish(server, "hello");
    for (const stream of streams) {
        await hears(stream, ["hello"]);
    }
}

for (const [name, setting] of Object.entries(RECIPES)) {
    describe(name, { concurrency: 4 }, () => {
        for (const way of setting.ways) {
            for (const [what, run] of Object.entries({
                "who leaves is noticed": noticesLeaving,
                "crier is restarted": survivesRestart,
                "200 clients at a time": holdsMany,
                ...setting.waits && {
                    "heartbeats keep a silent stream": survivesSilence,
                    "without heartbeats it is cut": cutsSilence,
                },
            })) {
                test(`${way}: ${what}`, TEST, (t) => run(t, setting, way));
            }
        }
    });
}
