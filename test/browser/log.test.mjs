// public/log.js: after a merge, two logs know the same messages.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const source = readFileSync(new URL("../../public/log.js", import.meta.url));
const { Log, createGap } = await import(
    `data:text/javascript;base64,${source.toString("base64")}`);

function createLog(from, to) {
    const log = new Log();
    for (let i = from; i <= to; i++) {
        log.add({ id: String(i), text: "", timestamp: i });
    }
    return log;
}

function ids(entries) {
    return entries.map(({ id, gap }) => (gap === undefined ? id : "gap"));
}

test("an entry is not added twice", () => {
    const log = createLog(1, 3);
    assert.equal(log.add({ id: "2" }), false);
    assert.equal(log.lastId, "3");
    assert.deepEqual(ids(log.entries), ["1", "2", "3"]);
});

test("an empty log takes all entries, and has no gap", () => {
    const log = new Log();
    const other = createLog(1, 1500).copy();
    assert.equal(log.lastId, "0");
    assert.equal(log.merge(other).length, 1000);
    assert.equal(log.lastId, "1500");
    assert.deepEqual(log.copy(), other);
});

test("a log that is behind takes the new entries", () => {
    const log = createLog(1, 5);
    assert.deepEqual(ids(log.merge(createLog(3, 7).copy())), ["6", "7"]);
});

test("a log that is ahead takes nothing", () => {
    const log = createLog(1, 7);
    assert.deepEqual(log.merge(createLog(3, 5).copy()), []);
    assert.equal(log.lastId, "7");
});

test("entries that the other log has removed become a gap", () => {
    const log = createLog(1, 5);
    const news = ids(log.merge(createLog(1, 2000).copy()));
    assert.deepEqual(news.slice(0, 3), ["gap", "1001", "1002"]);
    assert.equal(log.entries.length, 1000);
});

test("gaps keep their place, and are added once", () => {
    const log = createLog(1, 5);
    const other = createLog(1, 5);
    other.add(createGap("5"));
    other.add({ id: "9" });
    assert.deepEqual(ids(log.merge(other.copy())), ["gap", "9"]);
    assert.deepEqual(log.merge(other.copy()), []);
    assert.equal(log.lastId, "9");
});
