// What each client gets: every message at once and whole, what it missed, and
// an end that it can tell from a broken line.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CLIENTS } from "./clients.mjs";
import {
    TEST, TEXTS, publish, runClient, startLine, startServer, subscribers, wanted,
} from "./helpers.mjs";

// Starts the client and waits until it knows that the stream is there.
async function listen(t, server, client, url) {
    const listener = runClient(t, client.listen(url));
    await subscribers(server, 1);
    await listener.next(client.reconnects ? "open" : "retry: ");
    return listener;
}

// Publishes one text after the other, each once the client has the last one.
async function hearsEach(listener, server) {
    for (const text of TEXTS) {
        const published = await publish(server, text);
        assert.deepEqual(await listener.message(), published);
        assert.equal(published.text, text);
    }
}

async function eachAtOnce(t, client) {
    const server = await startServer(t);
    const url = `${server.url}/subscribe`;
    const listener = await listen(t, server, client, url);
    await hearsEach(listener, server);
    await listener.stop();
    await subscribers(server, 0);
}

// All comes at last, but nothing before the end.
async function heldBack(t, client) {
    const server = await startServer(t);
    const url = `${server.url}/subscribe?limit=${TEXTS.length}`;
    const listener = await listen(t, server, client, url);
    const published = [];
    for (const text of TEXTS) {
        assert.doesNotMatch(listener.has(), /data:/, "it no longer holds back");
        published.push(await publish(server, text));
    }
    for (const message of published) {
        assert.deepEqual(await listener.message(), message);
    }
    assert.equal((await listener.end()).status, 0);
}

async function cleanEnd(t, client) {
    const server = await startServer(t);
    const url = `${server.url}/subscribe?limit=${TEXTS.length}`;
    const listener = await listen(t, server, client, url);
    await hearsEach(listener, server);
    const { status, errors } = await listener.end();
    assert.equal(status, 0, errors);
    assert.equal(errors, "");
}

async function brokenLine(t, client) {
    const server = await startServer(t);
    const listener = await listen(t, server, client, `${server.url}/subscribe`);
    const published = await publish(server, "the last words");
    assert.deepEqual(await listener.message(), published);
    await server.kill();
    const { status, errors } = await listener.end();
    if (client.cannotTell) {
        assert.equal(status, 0, errors);
    } else {
        assert.equal(typeof status, "number", errors);
        assert.notEqual(status, 0, "it took a broken line for the end");
    }
}

async function posts(t, client) {
    const server = await startServer(t);
    for (const text of TEXTS) {
        const command = client.post(`${server.url}/update`, text);
        const { status, out, errors } = await runClient(t, command).end();
        assert.equal(status, 0, errors);
        assert.equal(JSON.parse(out).text, text);
    }
    const poll = await fetch(`${server.url}/poll?after=0`);
    assert.deepEqual((await poll.json()).map(({ text }) => text), TEXTS);
}

// The line breaks before the first message: the client has an id all the same.
// One that came before it must not hear again.
async function missedAtTheStart(t, client) {
    const server = await startServer(t);
    await publish(server, "before it came");
    const line = await startLine(t, server);
    const listener = await listen(t, server, client, `${line.url}/subscribe`);
    line.cut();
    await subscribers(server, 0);
    const missed = await publish(server, "while it was away");
    line.mend(server);
    if (client.forgets) {
        await subscribers(server, 1);
    } else {
        assert.deepEqual(await listener.message(), missed);
    }
    const live = await publish(server, "after it came back");
    assert.deepEqual(await listener.message(), live);
    assert.doesNotMatch(listener.has(), /gap/);
}

async function missedLater(t, client) {
    const server = await startServer(t);
    const line = await startLine(t, server);
    const listener = await listen(t, server, client, `${line.url}/subscribe`);
    const heard = await publish(server, "heard");
    assert.deepEqual(await listener.message(), heard);
    line.cut();
    const missed = [await publish(server, "one"), await publish(server, "two")];
    line.mend(server);
    for (const message of missed) {
        assert.deepEqual(await listener.message(), message);
    }
    const live = await publish(server, "after it came back");
    assert.deepEqual(await listener.message(), live);
    assert.doesNotMatch(listener.has(), /gap/);
}

async function restart(t, client) {
    const first = await startServer(t);
    const line = await startLine(t, first);
    const listener = await listen(t, first, client, `${line.url}/subscribe`);
    const heard = await publish(first, "heard");
    assert.deepEqual(await listener.message(), heard);
    await first.kill();
    line.cut();
    const second = await startServer(t);
    const missed = [await publish(second, "one"), await publish(second, "two")];
    line.mend(second);
    assert.equal(await listener.next("event: "), "gap");
    assert.match(await listener.next("data: "), /^\{"after":"\d/);
    for (const message of missed) {
        assert.deepEqual(await listener.message(), message);
    }
}

function testReconnecting(client) {
    const first = "a line that breaks before the first message";
    test(client.forgets ? `${first} loses some: ${client.forgets}`
        : `${first} loses none`,
    TEST, (t) => missedAtTheStart(t, client));
    test("a line that breaks later loses none", TEST,
        (t) => missedLater(t, client));
    test("a restart of the server is a gap, and what there is", TEST,
        (t) => restart(t, client));
}

function testEnds(client) {
    test("?limit= ends without an error", TEST, (t) => cleanEnd(t, client));
    test(client.cannotTell ? `a killed server is an end: ${client.cannotTell}`
        : "a killed server is an error",
    TEST, (t) => brokenLine(t, client));
}

for (const [name, client] of Object.entries(CLIENTS).filter(
    ([, client]) => wanted(client))) {
    describe(name, () => {
        if (client.holds) {
            test(`has all at the end: ${client.holds}`, TEST,
                (t) => heldBack(t, client));
        } else {
            test("each message comes at once, whole", TEST,
                (t) => eachAtOnce(t, client));
        }
        if (client.reconnects) {
            testReconnecting(client);
            return;
        }
        if (!client.holds) {
            testEnds(client);
        }
        test("posts", TEST, (t) => posts(t, client));
    });
}
