// What passes through each proxy: the head and every message at once, also to
// a second reader and to one that would take gzip; a reader's leaving; the end.

import assert from "node:assert/strict";
import http from "node:http";
import { describe, test } from "node:test";
import { constants, createGunzip } from "node:zlib";
import { PROXIES } from "./proxies.mjs";
import {
    TEST, TEXTS, publish, startProxy, startServer, subscriberCount,
    subscribers, until, wanted,
} from "./helpers.mjs";

// What a browser asks with, for a page that came through the same proxy.
const BROWSER = {
    "Accept": "text/event-stream",
    "Accept-Encoding": "gzip, deflate, br",
    "Cache-Control": "no-cache",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Mode": "cors",
    "User-Agent": "Mozilla/5.0",
};

async function startBoth(t, proxy) {
    const server = await startServer(t);
    const { url } = await startProxy(t, (port, directory) =>
        proxy.command(server.port, port, directory));
    return { server, url };
}

// What was compressed on its way. An end within it is no error of this stream.
function decoded(response) {
    if (response.headers["content-encoding"] === undefined) {
        return response;
    }
    return response.pipe(createGunzip({ flush: constants.Z_SYNC_FLUSH }))
        .on("error", () => {});
}

// Opens a stream, and returns what has come of it at any time.
function open(t, url) {
    const stream = { head: null, text: "", end: null };
    const request = http.get(url, { headers: BROWSER }, (response) => {
        stream.head = response;
        decoded(response).setEncoding("utf8")
            .on("data", (piece) => (stream.text += piece));
        response.on("end", () => (stream.end ??= "end"));
        response.on("error", () => (stream.end ??= "broken"));
    });
    request.on("error", (error) => (stream.end ??= error.message));
    t.after(() => request.destroy());
    stream.leave = () => request.destroy();
    stream.messages = () => [...stream.text.matchAll(/^data: ([^\n]*)\n\n/gm)]
        .map(([, data]) => JSON.parse(data));
    return stream;
}

async function headArrives(stream, { compresses } = {}) {
    await until("the head, and retry", () => /^retry: /m.test(stream.text));
    const { headers, statusCode } = stream.head;
    assert.equal(statusCode, 200);
    assert.match(headers["content-type"], /^text\/event-stream/);
    assert.equal(headers["content-encoding"], compresses ? "gzip" : undefined);
}

async function hearsEach(server, ...streams) {
    const published = [];
    for (const text of TEXTS) {
        published.push(await publish(server, text));
        for (const stream of streams) {
            await until(`message ${published.length}`, () =>
                stream.messages().length === published.length);
            assert.deepEqual(stream.messages(), published);
        }
    }
}

async function eachAtOnce(t, proxy) {
    const { server, url } = await startBoth(t, proxy);
    const one = open(t, `${url}/subscribe`);
    await headArrives(one, proxy);
    const two = open(t, `${url}/subscribe`);
    await headArrives(two, proxy);
    await hearsEach(server, one, two);
    await leaving(server, proxy, one);
    await headArrives(open(t, `${url}/subscribe`), proxy);
}

// One of two readers leaves.
async function leaving(server, proxy, reader) {
    const gone = async () => {
        await publish(server, "is anybody there?");
        return await subscriberCount(server) === 1;
    };
    reader.leave();
    if (proxy.leaks) {
        assert.ok(!await gone(), "it tells the server now");
    } else if (proxy.noticesLate) {
        await until("no reader that left", gone);
    } else {
        await subscribers(server, 1);
    }
}

async function heldBack(t, proxy) {
    const { server, url } = await startBoth(t, proxy);
    const stream = open(t, `${url}/subscribe?limit=${TEXTS.length}`);
    await subscribers(server, 1);
    const published = [];
    for (const text of TEXTS) {
        assert.equal(stream.text, "", "it no longer holds anything back");
        published.push(await publish(server, text));
    }
    await until("the end", () => stream.end);
    assert.deepEqual(stream.messages(), published);
}

async function cleanEnd(t, proxy) {
    const { server, url } = await startBoth(t, proxy);
    const stream = open(t, `${url}/subscribe?limit=${TEXTS.length}`);
    await headArrives(stream, proxy);
    await hearsEach(server, stream);
    await until("the end", () => stream.end);
    assert.equal(stream.end, "end");
}

async function brokenLine(t, proxy) {
    const { server, url } = await startBoth(t, proxy);
    const stream = open(t, `${url}/subscribe`);
    await headArrives(stream, proxy);
    await server.kill();
    if (proxy.hangs) {
        // By this answer the proxy knows that the server is gone.
        const later = open(t, `${url}/subscribe`);
        await until("an error", () => later.head?.statusCode >= 500);
        assert.equal(stream.end, null, "it tells the reader now");
        return;
    }
    await until("the end", () => stream.end);
    assert.equal(stream.end, proxy.cannotTell ? "end" : "broken");
}

// As a page does it. fetch() would not send these fields.
async function posts(t, proxy) {
    const { url } = await startBoth(t, proxy);
    const response = await new Promise((resolve, reject) => {
        http.request(`${url}/update`, {
            method: "POST",
            headers: { ...BROWSER, "Content-Type": "application/json" },
        }, resolve).on("error", reject).end(JSON.stringify({ text: TEXTS[0] }));
    });
    response.resume();
    assert.equal(response.statusCode, 200);
    const poll = await fetch(`${url}/poll?after=0`);
    assert.deepEqual((await poll.json()).map(({ text }) => text), [TEXTS[0]]);
}

function nameOfReaders({ leaks, noticesLate }) {
    return "each message comes at once, to two readers; who leaves is seen" +
        (leaks ? ` never: ${leaks}` : noticesLate ? ` late: ${noticesLate}` : "");
}

function nameOfEnd({ cannotTell, hangs }) {
    return cannotTell ? `a killed server is an end: ${cannotTell}`
        : hangs ? `a killed server is silent: ${hangs}`
            : "a killed server is a broken line";
}

for (const [name, proxy] of Object.entries(PROXIES).filter(
    ([, proxy]) => wanted(proxy))) {
    describe(name, () => {
        test("posts", TEST, (t) => posts(t, proxy));
        if (proxy.holds) {
            test(`holds all back: ${proxy.holds}`, TEST,
                (t) => heldBack(t, proxy));
            return;
        }
        test(nameOfReaders(proxy), TEST, (t) => eachAtOnce(t, proxy));
        test("?limit= ends without an error", TEST, (t) => cleanEnd(t, proxy));
        test(nameOfEnd(proxy), TEST, (t) => brokenLine(t, proxy));
    });
}
