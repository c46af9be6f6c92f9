// The benchmark: crier and its peers under the same loads, in turn.
//
//     node run.mjs [quick] [CASE]... [--json FILE]
//
// Three rounds, or a quick one; medians of them. Nothing here passes or fails
// by the clock: exit status 1 is for messages that crier lost, doubled or put
// out of order, and for what crier did not run at all.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { CASES } from "./cases.mjs";
import { NAMES, startServer } from "./servers.mjs";
import { table } from "./table.mjs";

const ROUNDS = 3;

function versionOf(packageName) {
    return execFileSync("dpkg-query", ["--show",
        "--showformat=${source:Upstream-Version}", packageName],
    { encoding: "utf8" }).replace(/^\d+:|\+.*/g, "");
}

function machine() {
    return `${cpus().length} cores, ${cpus()[0].model.trim()}, ` +
        `Linux ${release()}, nginx ${versionOf("nginx-light")}, ` +
        `nchan ${versionOf("libnginx-mod-nchan")}, Node ${process.version}`;
}

function misused(word) {
    console.error(`bench: what is '${word}'? There are quick, --json FILE, ` +
        `and the cases ${Object.keys(CASES).join(", ")}`);
    process.exit(2);
}

function readArguments(words) {
    const options = { quick: false, caseNames: [], json: null };
    while (words.length > 0) {
        const word = words.shift();
        if (word === "quick") {
            options.quick = true;
        } else if (word === "--json" && words.length > 0) {
            options.json = words.shift();
        } else if (word in CASES) {
            options.caseNames.push(word);
        } else {
            misused(word);
        }
    }
    if (options.caseNames.length === 0) {
        options.caseNames = Object.keys(CASES);
    }
    return options;
}

// A fresh server each time: what one load leaves behind is not the next one's.
async function measure(caseName, name, quick) {
    const server = await startServer(name);
    try {
        return await CASES[caseName].run(server, quick);
    } finally {
        await server.stop();
    }
}

function faults({ lost, duplicated, reordered, gone }) {
    return `${lost} lost, ${duplicated} doubled, ${reordered} out of order, ` +
        `${gone} subscribers dropped`;
}

// results[case][server]: one for each round in which it ran.
async function measureAll({ caseNames, quick }, troubles) {
    const results = {};
    const rounds = quick ? [1] : Array.from({ length: ROUNDS }, (_, i) => i + 1);
    const plan = rounds.flatMap((round) => caseNames.flatMap((caseName) =>
        CASES[caseName].servers.map((name) => ({ round, caseName, name }))));
    for (const { round, caseName, name } of plan) {
        const what = `${caseName}, ${NAMES[name]}`;
        process.stderr.write(`round ${round}: ${what}\n`);
        const list = ((results[caseName] ??= {})[name] ??= []);
        try {
            const result = await measure(caseName, name, quick);
            list.push(result);
            if (result.faulty) {
                troubles.push({ name, text: `${what}: ${faults(result)}` });
            }
        } catch (error) {
            troubles.push({ name, text: `${what}: ${error.message}` });
        }
    }
    return results;
}

const options = readArguments(process.argv.slice(2));
console.log(machine());
for (const caseName of options.caseNames) {
    console.log(`${caseName}: ${CASES[caseName].about}`);
}
const troubles = [];
const results = await measureAll(options, troubles);
console.log(`\n${table(results)}`);
for (const { text } of troubles) {
    console.log(text);
}
if (options.json) {
    writeFileSync(options.json, JSON.stringify({
        machine: machine(), results, troubles,
    }, null, 1));
}
process.exitCode = troubles.some(({ name }) => name === "crier") ? 1 : 0;
