// The chaos' own judgement: that it sees what a server does wrong.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { subscribe } from "./client.mjs";
import { Ledger } from "./ledger.mjs";
import { path } from "./server.mjs";
import { table } from "./table.mjs";

const json = (n, text = `text ${n}`) => JSON.stringify({ text, timestamp: n });
const event = (n, data = json(n)) =>
    `retry: 100\nid: ${n}\ndata: ${data}\n\n`;
const gap = (after, oldest) => "event: gap\ndata: " +
    `{"after":"${after}","oldest":"${oldest}"}\n\n`;
const begin = (n) => `\nretry: 100\nid: ${n}\n\n`;
const events = (...numbers) => numbers.map((n) => event(n)).join("");

// What a subscriber gets of 1 to 5 if all is well.
const WHOLE = begin(0) + events(1, 2, 3, 4, 5);

// Streams that are one after the other, joined in one place, for a server that
// gives each connection the next of them.
async function listen(t, streams) {
    const asked = [];
    const server = createServer((request, response) => {
        asked.push(request.headers["last-event-id"]);
        response.writeHead(200, { "Content-Type": "text/event-stream" });
        response.end(streams[asked.length - 1]);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    t.after(() => server.close());
    return { port: server.address().port, asked };
}

// The faults that the ledger finds, where 1 to 5 were acknowledged, and
// another subscriber, whom nothing has happened to, has got them all.
async function judge(t, streams, change = () => {}) {
    const { port, asked } = await listen(t, [WHOLE, ...streams]);
    const ledger = new Ledger();
    for (const n of [1, 2, 3, 4, 5]) {
        ledger.post(`text ${n}`);
        ledger.acknowledge(`text ${n}`, json(n));
    }
    change(ledger);
    await subscribe(port, ledger.record("witness")).closed;
    const record = ledger.record("it");
    for (let i = 0; i < streams.length; i++) {
        await subscribe(port, record).closed;
    }
    return { faults: ledger.check(), asked: asked.slice(1), record };
}

const GOOD = {
    "all of it": [WHOLE],
    "from the middle on": [begin(3) + events(4, 5)],
    "with heartbeats": [begin(0) + events(1, 2) + ":\n\n" + events(3, 4, 5)],
    "in two connections": [begin(0) + events(1, 2), begin(2) + events(3, 4, 5)],
    "half an event at the end": [
        begin(0) + events(1, 2) + event(3).slice(0, -5),
        begin(2) + events(3, 4, 5),
    ],
    "a gap that was told": [
        begin(0) + events(1),
        begin(1) + gap(1, 4) + events(4, 5),
    ],
};

for (const [what, streams] of Object.entries(GOOD)) {
    test(`no fault: ${what}`, async (t) => {
        const { faults, asked, record } = await judge(t, streams);
        assert.deepEqual(faults, []);
        assert.equal(record.last, "5");
        assert.equal(asked[0], undefined);
        assert.equal(asked.length, streams.length);
    });
}

const BAD = {
    "a hole": [[begin(0) + events(1, 2, 4, 5)], /1 missing before 4/],
    "a hole at the beginning": [[begin(0) + events(3, 4, 5)],
        /2 missing before 3/],
    "a hole between two connections": [
        [begin(0) + events(1, 2), begin(2) + events(4, 5)],
        /1 missing before 4/],
    "a double": [[begin(0) + events(1, 2, 2, 3, 4, 5)], /2 came twice/],
    "a double in another connection": [
        [begin(0) + events(1, 2), begin(2) + events(2, 3, 4, 5)],
        /2 came twice/],
    "disorder": [[begin(0) + events(1, 3, 2, 4, 5)],
        /1 missing before 3.*2 came too late/],
    "an id of before the beginning": [[begin(2) + events(1, 3, 4, 5)],
        /1 came too late/],
    "another text": [[begin(0) + events(1, 2) + event(3, json(3, "text 9"))],
        /3 has another text/],
    "a connection that begins elsewhere": [
        [begin(0) + events(1, 2), begin(3) + events(4, 5)],
        /came with 2, and it began at 3.*1 missing before 4/],
    "a gap of nothing": [
        [begin(0) + events(1) + gap(1, 2) + events(2, 3, 4, 5)],
        /nothing is missing/],
    "a gap that names another end": [
        [begin(0) + events(1) + gap(1, 3) + events(4, 5)],
        /4 after a gap up to 3/],
    "a gap that names another beginning": [
        [begin(0) + events(1, 2) + gap(1, 4) + events(4, 5)],
        /had 2, told of a gap after 1/],
    "a gap that is told too late": [
        [begin(0) + events(1, 4) + gap(4, 5) + events(5)],
        /2 missing before 4.*nothing is missing/],
};

for (const [what, [streams, expected]] of Object.entries(BAD)) {
    test(`a fault: ${what}`, async (t) => {
        const { faults } = await judge(t, streams);
        assert.match(faults.join(), expected);
    });
}

const BOOKS = {
    "acknowledged, and heard by nobody": [(ledger) => {
        ledger.post("text 6");
        ledger.acknowledge("text 6", json(6));
    }, /'text 6' was acknowledged, and heard by nobody/],
    "refused, and heard": [(ledger) => ledger.refuse("text 3"),
        /3: 'text 3' was refused, and sent/],
    "acknowledged as something else": [
        (ledger) => ledger.acknowledge("text 3", json(4, "text 3")),
        /3: acknowledged as/],
};

for (const [what, [change, expected]] of Object.entries(BOOKS)) {
    test(`a fault: ${what}`, async (t) => {
        const { faults } = await judge(t, [WHOLE], change);
        assert.equal(faults.length, 1, faults.join());
        assert.match(faults[0], expected);
    });
}

test("a fault: posted once, published twice", async (t) => {
    const twice = events(6).replace("text 6", "text 5");
    const { port } = await listen(t, [WHOLE + twice]);
    const ledger = new Ledger({ foreign: true });
    ledger.post("text 5");
    await subscribe(port, ledger.record("it")).closed;
    assert.match(ledger.check().join(), /^6: 'text 5' was published twice$/);
});

test("a text that nobody posted is a fault, unless others post", async (t) => {
    const { port } = await listen(t, [WHOLE, WHOLE]);
    for (const foreign of [true, false]) {
        const ledger = new Ledger({ foreign });
        await subscribe(port, ledger.record("it")).closed;
        assert.equal(ledger.check().length, foreign ? 0 : 5);
    }
});

test("ids of one millisecond are in the order of their numbers", async (t) => {
    const ids = ["7", "7-1", "7-2", "7-10", "8"];
    const stream = (list) => begin(0) + list.map((id) =>
        event(id, json(0, `text ${id}`))).join("");
    for (const [list, faults] of [[ids, 0], [[...ids].sort(), 2]]) {
        const { port } = await listen(t, [stream(list)]);
        const ledger = new Ledger({ foreign: true });
        await subscribe(port, ledger.record("it")).closed;
        assert.equal(ledger.check().length, faults, list.join());
    }
});

test("wrong words are told", async () => {
    const [error, out, err] = await new Promise((resolve) => {
        execFile(process.execPath, [path("run.mjs"), "quick", "everything"],
            (...result) => resolve(result));
    });
    assert.equal(error.code, 2);
    assert.equal(out, "");
    assert.match(err, /what is 'everything'\? quick, chaos, none, slow-heads/);
});

test("the table has a line for each attack", () => {
    const times = { median: 1.23, p99: 12.3, worst: 1234.5 };
    assert.equal(table([{
        what: "junk", clients: 1000, opened: 2000, tcpMib: 3.4, memory: 5.6,
        bound: 7,
        innocent: { post: times, delivery: times, refused: 1, cut: 2 },
    }]).split("\n").at(-1),
    "| junk | 1,000 | 2,000 | 1.2 / 12 / 1,235 | 1.2 / 12 / 1,235 | 1, 2 " +
        "| 6 of 7 | 3 |");
});
