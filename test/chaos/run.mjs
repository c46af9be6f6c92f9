// `make chaos`: the chaos, then each attack; at the end a table of the attacks.
//
//     node run.mjs [quick] [NAME]...
//
// `quick` is the short form. Names run only these: "chaos", or an attack's.
// It never fails for a time, only for what the server must not do at all.

import { attack } from "./attack.mjs";
import { ATTACKS } from "./attacks.mjs";
import { chaos } from "./chaos.mjs";
import { table } from "./table.mjs";

const FULL = { chaos: { seconds: 45, count: 200 },
    attack: { seconds: 11, divisor: 1 } };
const QUICK = { chaos: { seconds: 5, count: 200 },
    attack: { seconds: 1, divisor: 5 } };
const SHOWN = 10; // faults of a part

const words = process.argv.slice(2);
const { chaos: chaosPlan, attack: attackPlan } =
    words.includes("quick") ? QUICK : FULL;
const names = words.filter((word) => word !== "quick");
const known = ["chaos", ...Object.keys(ATTACKS)];
const unknown = names.find((name) => !known.includes(name));
if (unknown !== undefined) {
    console.error(`what is '${unknown}'? quick, ${known.join(", ")}`);
    process.exit(2);
}

let failed = false;

function report(name, said, faults) {
    console.log(`${name}: ${said}`);
    for (const fault of faults.slice(0, SHOWN)) {
        console.log(`  FAULT ${fault}`);
    }
    if (faults.length > SHOWN) {
        console.log(`  and ${faults.length - SHOWN} faults more`);
    }
    failed ||= faults.length > 0;
}

const results = [];
for (const name of names.length > 0 ? names : known) {
    if (name === "chaos") {
        const { said, faults } = await chaos(chaosPlan);
        report(name, said, faults);
        continue;
    }
    const result = await attack(name, attackPlan);
    results.push(result);
    report(name, `${result.opened} connections, ${result.innocent.posts} ` +
        `posts of the innocent client, ${result.memory?.toFixed(0)} MiB`,
    result.faults);
}
if (results.length > 0) {
    console.log(`\n${table(results)}`);
}
console.log(`\n${failed ? "failed" : "all as promised"} ` +
    `(${Math.round(process.uptime())} s)`);
process.exit(failed ? 1 : 0);
