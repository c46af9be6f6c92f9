// Delivery latency against subscribers, as the table that latency.gp draws.
//
//     node plot.mjs [quick] >FILE
//
// 20 messages/s, but never more than 20,000 deliveries/s in all.

import { load } from "./measure.mjs";
import { NAMES, startServer } from "./servers.mjs";
import { median } from "./table.mjs";

const QUICK = process.argv[2] === "quick";
const SUBSCRIBERS = QUICK ? [100, 1000] : [100, 300, 1000, 3000, 10000];
const ROUNDS = QUICK ? 1 : 3;
const SERVERS = ["crier", "nchan", "node"]; // as latency.gp has them

async function latency(name, subscribers) {
    const rate = Math.min(20, 20000 / subscribers);
    const server = await startServer(name);
    try {
        process.stderr.write(`${NAMES[name]}, ${subscribers} subscribers\n`);
        const result = await load(server,
            { subscribers, rate, messages: Math.ceil(rate * (QUICK ? 1 : 4)) });
        return result.delivery_ms;
    } finally {
        await server.stop();
    }
}

const rows = new Map(); // "subscribers name" -> a latency for each round
for (let round = 0; round < ROUNDS; round++) {
    for (const subscribers of SUBSCRIBERS) {
        for (const name of SERVERS) {
            const key = `${name} ${subscribers}`;
            rows.set(key, [...rows.get(key) ?? [],
                await latency(name, subscribers)]);
        }
    }
}

// A block for each server, so that gnuplot finds them by index.
for (const name of SERVERS) {
    console.log(`# ${NAMES[name]}: subscribers, p50 and p99 in ms`);
    for (const subscribers of SUBSCRIBERS) {
        const all = rows.get(`${name} ${subscribers}`);
        console.log(subscribers, median(all.map(({ p50 }) => p50)),
            median(all.map(({ p99 }) => p99)));
    }
    console.log("\n");
}
