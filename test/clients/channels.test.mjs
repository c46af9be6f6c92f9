// A channel, by one client of each sort: what is posted arrives as it is, and
// who comes back with its last id has missed nothing.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CLIENTS } from "./clients.mjs";
import { TEST, runClient, startLine, startServer, subscribers } from "./helpers.mjs";

async function tell(server, target, body) {
    const response = await fetch(`${server.url}/channels/${target}`, {
        method: "POST", body,
    });
    assert.equal(response.status, 200);
    return (await response.json()).id;
}

async function listen(t, server, client, url) {
    const listener = runClient(t, client.listen(url));
    await subscribers(server, 1);
    await listener.next(client.reconnects ? "open" : "retry: ");
    return listener;
}

// A program that reads lines has each with its field; a library has the text.
async function hears(listener, client, [first, ...more]) {
    assert.equal(await listener.next("data: "), first);
    for (const line of more) {
        const wanted = client.reconnects ? line : `data: ${line}`;
        assert.equal(await listener.next(wanted), "");
    }
}

async function eachAsItIs(t, client) {
    const server = await startServer(t);
    const listener = await listen(t, server, client, `${server.url}/channels/a`);
    await tell(server, "b", "for others");
    await tell(server, "a", "안녕하세요 👋");
    await hears(listener, client, ["안녕하세요 👋"]);
    await tell(server, "a?event=joined", "one\r\ntwo\rthree");
    assert.equal(await listener.next("event: joined"), "");
    await hears(listener, client, ["one", "two", "three"]);
    await listener.stop();
    await subscribers(server, 0);
}

// By itself, or as a script does it that has kept the last id.
async function comesBack(t, client) {
    const server = await startServer(t);
    const line = await startLine(t, server);
    const url = `${line.url}/channels/a`;
    let listener = await listen(t, server, client, url);
    const id = await tell(server, "a", "heard");
    await hears(listener, client, ["heard"]);
    line.cut();
    await tell(server, "b", "for others");
    await tell(server, "a", "missed\nin two lines");
    line.mend(server);
    if (!client.reconnects) {
        await listener.end();
        listener = await listen(t, server, client, `${url}?lastEventId=${id}`);
    }
    await hears(listener, client, ["missed", "in two lines"]);
    await tell(server, "a", "live");
    await hears(listener, client, ["live"]);
    assert.doesNotMatch(listener.has(), /gap|for others/);
}

for (const [name, client] of Object.entries(CLIENTS).filter(
    ([, client]) => client.channels)) {
    describe(`a channel, by ${name}`, () => {
        test("each text comes at once, as it was posted", TEST,
            (t) => eachAsItIs(t, client));
        test("a line that breaks loses none", TEST,
            (t) => comesBack(t, client));
    });
}
