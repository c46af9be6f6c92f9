// What is measured, and which figures of it the table shows. `quick` holds the
// options that make it short. Figures are [label, path in the result, digits].

import { setTimeout as sleep } from "node:timers/promises";
import { curl, load, pieces, storm, wrk, wrkUnchanged } from "./measure.mjs";
import { openFilesLimit, path } from "./servers.mjs";

const PEERS = ["crier", "nchan"];
const WITH_LOOP = [...PEERS, "loop"]; // loop.c: what the writes alone cost
const WITH_BARE = [...PEERS, "node", "bare"]; // bare.c: the threads alone
const P50 = ["delivery p50, ms", "delivery_ms.p50", 2];
const P99 = ["delivery p99, ms", "delivery_ms.p99", 2];
const PUBLISH = ["publish p99, ms", "publish_ms.p99", 2];
const CPU = ["CPU for each delivery, µs", "cpu_us_per_delivery", 2];
const RATE = ["deliveries/s", "deliveries_per_s", 0];
const REQUESTS = ["requests/s", "requests_per_s", 0];

// As many subscribers as one process may have connections; the rest is for
// what else a server keeps open.
const CEILING = Math.min(19000, openFilesLimit() - 1000);

function loadCase(about, options, quick, figures, servers = PEERS) {
    return {
        about, servers, figures,
        run: (server, isQuick) =>
            load(server, isQuick ? { ...options, ...quick } : options),
    };
}

function wrkCase(about, urlPath, script, servers = PEERS) {
    return {
        about, servers, figures: [REQUESTS],
        run: (server, isQuick) =>
            wrk(server, urlPath, isQuick ? 1 : 4,
                script ? ["-s", path(script)] : []),
    };
}

// The kernel frees what ended processes leave to it within a second.
async function memory(server, isQuick) {
    await sleep(1000);
    return load(server,
        { subscribers: isQuick ? 5000 : 10000, rate: 10, messages: 10 });
}

// The same deliveries a second, to many and to few.
async function ceiling(server, isQuick) {
    const messages = isQuick ? 3 : 10;
    const few = await load(server,
        { subscribers: 1000, rate: 20, messages: isQuick ? 10 : 100 });
    if (few.faulty) {
        return few;
    }
    const many = await load(server,
        { subscribers: CEILING, rate: 1, messages });
    const growth = many.cpu_us_per_delivery / few.cpu_us_per_delivery;
    return { ...many, cpu_growth: growth, few };
}

export const CASES = {
    memory: {
        about: "10,000 subscribers, 10 messages",
        servers: PEERS,
        figures: [["resident for each, KiB", "resident_kib_per_subscriber", 1],
            ["kernel for each, KiB", "kernel_kib_per_subscriber", 1]],
        run: memory,
    },
    "paced-1k": loadCase("1,000 subscribers, 20 messages/s",
        { subscribers: 1000, rate: 20, messages: 60 }, { messages: 20 },
        [P50, P99, PUBLISH, CPU], WITH_LOOP),
    "steady-1k": loadCase("1,000 subscribers, 300 messages/s",
        { subscribers: 1000, rate: 300, messages: 1200 }, { messages: 300 },
        [P50, P99, PUBLISH, CPU]),
    "burst-1k": loadCase("1,000 subscribers, 200 messages at once",
        { subscribers: 1000, messages: 200 }, {},
        [RATE, CPU], [...PEERS, "node"]),
    "paced-10k": loadCase("10,000 subscribers, 2 messages/s",
        { subscribers: 10000, rate: 2, messages: 40 }, { messages: 4 },
        [P50, P99, PUBLISH, CPU], WITH_LOOP),
    "burst-10k": loadCase("10,000 subscribers, 20 messages at once",
        { subscribers: 10000, messages: 20 }, {}, [RATE, CPU]),
    channels: loadCase("1,000 channels with 10 subscribers each, " +
        "500 messages/s",
    {
        subscribers: 10000, channels: 1000, rate: 500, messages: 2000,
        subscribe: "/channels/", publish: "/channels/", body: "%s",
    }, { messages: 500 }, [P50, P99, PUBLISH, CPU]),
    update: wrkCase("wrk, 32 connections that post, no subscriber",
        "/update", "update.lua"),
    short: wrkCase("wrk, 32 at a time that post, a connection for each",
        "/update", "short.lua", WITH_BARE),
    curl: {
        about: "curl, 8 at a time that post, a process for each",
        servers: WITH_BARE,
        figures: [REQUESTS],
        run: (server, isQuick) => curl(server, isQuick ? 200 : 1000),
    },
    storm: {
        about: "10,000 subscribers come back at once, each with its last id",
        servers: [...PEERS, "node"],
        figures: [["half have their streams, ms", "storm_ms.p50", 0],
            ["all have, ms", "storm_ms.last", 0],
            ["publish p50, ms", "publish_ms.p50", 2], PUBLISH],
        run: (server, isQuick) => storm(server, isQuick ? 2000 : 10000),
    },
    files: wrkCase("wrk, 32 connections, script.js", "/script.js"),
    unchanged: {
        about: "the same, of which the client has the newest: 304",
        servers: PEERS,
        figures: [REQUESTS],
        run: (server, isQuick) =>
            wrkUnchanged(server, "/script.js", isQuick ? 1 : 4),
    },
    pieces: {
        about: "a head of 8 KiB in pieces of 8 bytes",
        servers: PEERS,
        figures: [["CPU for each head, ms", "cpu_ms_per_head", 2]],
        run: (server, isQuick) => pieces(server, isQuick ? 20 : 100),
    },
    ceiling: {
        about: `${CEILING.toLocaleString("en")} subscribers, 1 message/s, ` +
            "against 1,000 with 20",
        servers: PEERS,
        figures: [["served", "subscribers", 0], P50, P99, CPU,
            ["CPU against 1,000 subscribers", "cpu_growth", 2]],
        run: ceiling,
    },
};
