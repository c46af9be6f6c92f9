// Runs all the browser tests of a folder below this one, and writes their results for test/run: a line for
// each test, "passed|failed|skipped", its name and why, with tabs in between.
// What follows the first line of a message has no first field.
//
//     node test/browser/run.mjs RESULTS .|engines

import { createWriteStream, readdirSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { run } from "node:test";
import { fileURLToPath } from "node:url";
import { logOf } from "./logs.mjs";

// Four files at a time: the tests wait for most of their time, and node's own
// choice is one on two processors.
const FILES_AT_A_TIME = 4;

const [, , resultsFile, folder] = process.argv;
const here = fileURLToPath(new URL(`${folder}/`, import.meta.url));
const files = readdirSync(here).filter((name) => name.endsWith(".test.mjs"))
    .map((name) => here + name);
const results = createWriteStream(resultsFile);

// Node tells what happened to a whole file as if that were a test of its name.
function nameOf({ name, file }) {
    const from = basename(file ?? name, ".test.mjs");
    return files.includes(name) ? `browser/${from}` : `${from}/${name}`;
}

function write(result, test, why = "") {
    const name = nameOf(test);
    const [first = "", ...more] = String(why).split("\n")
        .filter((line) => line.trim() !== "");
    results.write(`${result}\t${name}\t${first}\n`);
    more.forEach((line) => results.write(`\t\t${line}\n`));
    console.log(`[${result.slice(0, 4).toUpperCase()}] ${name}`);
    if (result !== "failed") {
        rmSync(logOf(name), { force: true });
    }
}

const stream = run({ files, concurrency: FILES_AT_A_TIME });
stream.on("test:pass", (test) => {
    if (test.nesting === 0 && !files.includes(test.name)) {
        write(test.skip === undefined ? "passed" : "skipped", test, test.skip);
    }
});
stream.on("test:fail", (test) => {
    if (test.nesting === 0) {
        const { error } = test.details;
        write("failed", test, error.cause?.stack ?? error.cause ?? error);
        process.exitCode = 1;
    }
});
stream.on("test:stderr", ({ message }) => process.stdout.write(message));
stream.on("test:stdout", ({ message }) => process.stdout.write(message));
