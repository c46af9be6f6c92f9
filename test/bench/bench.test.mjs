// The benchmark itself: that it reports what a server does wrong, and runs.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { load } from "./measure.mjs";
import { path, startServer } from "./servers.mjs";
import { median, table } from "./table.mjs";

const SMALL = { subscribers: 20, messages: 30, timeout: 60 };

async function loadOn(t, name, environment, options = {}) {
    const server = await startServer(name, environment);
    t.after(server.stop);
    return load(server, { ...SMALL, ...options });
}

function faults({ lost, duplicated, reordered, gone, faulty }) {
    return { lost, duplicated, reordered, gone, faulty };
}

const NO_FAULTS = {
    lost: 0, duplicated: 0, reordered: 0, gone: 0, faulty: false,
};

for (const name of ["crier", "node"]) {
    test(`a load on ${name} arrives`, async (t) => {
        const result = await loadOn(t, name);
        assert.deepEqual(faults(result), NO_FAULTS);
        assert.equal(result.deliveries, 20 * 30);
        const { p50, p99, max } = result.delivery_ms;
        assert.ok(p50 > 0 && p50 <= p99 && p99 <= max, `${p50} ${p99} ${max}`);
        assert.ok(result.publish_ms.p50 > 0);
        assert.ok(result.cpu_us_per_delivery > 0);
        assert.ok(result.voluntary_switches > 0);
    });
}

test("a load is paced", async (t) => {
    const result = await loadOn(t, "crier", {}, { rate: 100 });
    assert.deepEqual(faults(result), NO_FAULTS);
    assert.ok(result.seconds >= 0.29, `30 messages in ${result.seconds} s`);
});

// The third page of a stack would make it 12 KiB and more. Who comes with an
// id of an earlier process is told of a gap first.
for (const subscribe of ["/subscribe", "/subscribe?lastEventId=1"]) {
    test(`${subscribe} keeps two pages of stack`, async (t) => {
        const result = await loadOn(t, "crier", {},
            { subscribers: 1000, messages: 3, subscribe });
        assert.deepEqual(faults(result), NO_FAULTS);
        const { resident_kib_per_subscriber: resident } = result;
        assert.ok(resident < 11, `${resident} KiB`);
    });
}

test("subscribers of other addresses are served", async (t) => {
    const result = await loadOn(t, "crier", {}, { "source-addresses": 3 });
    assert.deepEqual(faults(result), NO_FAULTS);
});

// The peer's fault, and how the first of 20 subscribers sees 32 messages, two
// of which are warm-up.
const BROKEN = { lose: { lost: 32 }, double: { duplicated: 32 } };

for (const [fault, expected] of Object.entries(BROKEN)) {
    test(`a server that does ${fault} is seen`, async (t) => {
        const result = await loadOn(t, "node", { PEER_FAULT: fault });
        assert.deepEqual(faults(result),
            { ...NO_FAULTS, ...expected, faulty: true });
    });
}

// The right order is the one that was seen first: where the first subscriber is
// read first, all others are wrong.
test("a server that does reorder is seen", async (t) => {
    const result = await loadOn(t, "node", { PEER_FAULT: "reorder" });
    const { reordered, ...others } = faults(result);
    assert.ok(reordered >= 16, `${reordered} out of order`);
    assert.deepEqual({ reordered: 0, ...others },
        { ...NO_FAULTS, faulty: true });
});

test("a refused subscriber is told", async (t) => {
    const server = await startServer("crier");
    t.after(server.stop);
    await assert.rejects(load(server, { ...SMALL, subscribe: "/missing" }),
        /20 of 20 subscribers are refused: HTTP\/1.1 404/);
});

test("a refused message is told", async (t) => {
    const server = await startServer("crier");
    t.after(server.stop);
    await assert.rejects(load(server, { ...SMALL, body: '{"text":"%s' }),
        /a message is refused: HTTP\/1.1 400/);
});

test("an end in time is kept", async (t) => {
    const server = await startServer("crier");
    t.after(server.stop);
    await assert.rejects(load(server, { ...SMALL, rate: 1, timeout: 1 }),
        /out of time/);
});

test("wrong words are told", async () => {
    const [error, out, err] = await new Promise((resolve) => {
        execFile(process.execPath, [path("run.mjs"), "everything"],
            (...result) => resolve(result));
    });
    assert.equal(error.code, 2);
    assert.equal(out, "");
    assert.match(err, /what is 'everything'\?.*paced-1k/);
});

// A server with the page, and the script: its exit status, what it prints, and
// what it posts.
async function sides(server, ...args) {
    const [error, out, err] = await new Promise((resolve) => {
        execFile(path("../../scripts/sides"),
            ["-u", `http://127.0.0.1:${server.port}`, ...args],
            (...result) => resolve(result));
    });
    const answer = await fetch(
        `http://127.0.0.1:${server.port}/poll?after=0`);
    const told = answer.status === 204 ? [] : (await answer.json())
        .filter(({ event }) => event === "sides")
        .map(({ text }) => JSON.parse(text));
    return { status: error?.code ?? 0, out, err, told };
}

test("sides measures both, prints medians, and tells the page", async (t) => {
    const server = await startServer("crier");
    t.after(server.stop);
    const { status, out, err, told } =
        await sides(server, "-s", "20", "-n", "1");
    assert.deepEqual([status, err], [0, ""]);
    const rows = [...out.matchAll(/^(\S.*?|  \S.*?) {2,}([\d.]+) +([\d.]+)$/gm)];
    assert.deepEqual(rows.map(([, name]) => name.trim()), [
        "threads", "processor, us", "switches", "delivery, half, ms",
        "delivery, 99 of 100, ms", "publish, 99 of 100, ms", "processor, us",
        "deliveries a second", "memory of a subscriber, KiB",
    ]);
    const [[, , one, each]] = rows;
    assert.deepEqual([one, each >= 25], ["1", true], `${each} threads`);
    assert.match(out, /^floor: passing a turn, us +\d+\.\d+$/m);

    const kinds = told.map(({ kind }) => kind);
    assert.deepEqual(kinds.filter((kind) => kind !== "look"),
        ["begin", "floor", "result", "result", "result", "result", "end"]);
    const looks = told.filter(({ kind }) => kind === "look");
    assert.deepEqual(new Set(looks.map(({ who }) => who)),
        new Set(["events", "threads"]));
    assert.equal(looks.at(-1).threads, Number(each));
    for (const result of told.filter(({ kind }) => kind === "result")) {
        assert.ok(result.cpu > 0 && result.p99 > 0, JSON.stringify(result));
    }
    const mine = told.find(({ who, load: name }) =>
        who === "threads" && name === "paced");
    assert.equal(Number(rows[1][3]), Number(mine.cpu.toFixed(2)));
});

test("sides says what it lacks", async (t) => {
    const server = await startServer("crier");
    t.after(server.stop);
    const wrong = await sides(server, "-s", "many");
    assert.equal(wrong.status, 2);
    assert.match(wrong.err, /^sides: -s needs a whole number.*'many'/);
    process.env.CRIER = "/bin/false";
    t.after(() => delete process.env.CRIER);
    const broken = await sides(server, "-s", "20");
    assert.equal(broken.status, 1);
    assert.match(broken.err, /^sides: \/bin\/false does not start/m);
});

test("the table shows medians and ratios", () => {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([1, 2]), 1.5);
    const of = (...values) =>
        values.map((value) => ({ requests_per_s: value }));
    assert.equal(table({
        update: { crier: of(3000, 1000, 2000), nchan: of(1600) },
        files: { crier: of(10), nchan: [] },
    }), [
        "| case   | figure     | crier | nchan | crier/nchan | Node " +
            "| crier/Node | floor | crier/floor |",
        "| ------ | ---------- | ----: | ----: | ----------: | ---: " +
            "| ---------: | ----: | ----------: |",
        "| update | requests/s | 2,000 | 1,600 |        1.25 |      " +
            "|            |       |             |",
        "| files  | requests/s |    10 |     – |           – |      " +
            "|            |       |             |",
    ].join("\n"));
});
