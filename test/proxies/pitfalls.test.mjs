// What a proxy cannot do by its nature, and why a recipe is as it is. Such a
// test fails once a new version can do it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { TEST, publish, subscriberCount, until } from "../clients/helpers.mjs";
import { RECIPES, recipe } from "./recipes.mjs";
import { EVENTS, WAYS } from "./wire.mjs";
import { done, startBoth } from "./words.mjs";

// Why the recipe says what to compress.
async function caddyHolds(t) {
    const [list] = recipe("Caddyfile").match(/ \{\n\t+match .*?\n\t\}/s);
    const { server, proxy } = await startBoth(t,
        { ...RECIPES.Caddy, edit: [[list, ""]] });
    await publish(server, "x".repeat(600));
    const client = WAYS["HTTP/2"](t, proxy);
    let stream;
    await until("a stream that begins with it all", async () => {
        stream =
            client.request("GET", "/subscribe?lastEventId=0", EVENTS);
        await until("the head", () => stream.status === 200);
        return stream.headers["content-encoding"] === "gzip";
    });
    for (let i = 0; i < 20; i++) {
        await publish(server, "hello");
    }
    const { status } = await done(client.request("GET", "/healthz"));
    assert.equal(status, 200);
    assert.equal(stream.text, "", "it no longer holds anything back");
}

test("Caddy's encode holds back a stream that begins with 512 bytes", TEST,
    caddyHolds);

// Why the recipe has no HTTP/2.
async function apacheStarves(t) {
    const { server, proxy } = await startBoth(t, {
        ...RECIPES.Apache,
        edit: [["Protocols http/1.1", "Protocols h2 http/1.1"],
            ["<VirtualHost", "LoadModule http2_module " +
                "/usr/lib/apache2/modules/mod_http2.so\n<VirtualHost"]],
    });
    const client = WAYS["HTTP/2"](t, proxy);
    const open = () => Array.from({ length: 40 }, () =>
        client.request("GET", "/subscribe", EVENTS));
    const streams = open();
    await until("a stream", () => streams[0].text);
    streams.forEach((stream) => stream.leave());
    await until("nobody", async () => {
        await publish(server, "is anybody there?");
        return await subscriberCount(server) === 0;
    });
    const more = open();
    await until("a stream", () => more.some(({ text }) => text));
    const page = client.request("GET", "/");
    for (let i = 0; i < 20; i++) {
        await publish(server, "hello");
        await until("hello", () => more[0].messages().length > i);
    }
    assert.equal(await subscriberCount(server), 2);
    assert.equal(page.status, undefined, "the page no longer waits");
}

test("Apache's HTTP/2 lets two streams through after others were left", TEST,
    apacheStarves);
