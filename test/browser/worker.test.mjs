// public/version.js: what the tabs share has a new version when it changes.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (name) =>
    readFileSync(new URL(`../../public/${name}`, import.meta.url), "utf8");

// A file and the files that it imports, and so on.
function withImports(name, found = new Set()) {
    if (!found.has(name)) {
        found.add(name);
        for (const [, next] of read(name).matchAll(/ from "\.\/(.+)";$/gm)) {
            withImports(next, found);
        }
    }
    return found;
}

test("the version is that of the files which tabs share", () => {
    const names = [...withImports("worker.js"), ...withImports("tabs.js")]
        .filter((name) => name !== "version.js");
    assert.ok(names.includes("hub.js") && names.includes("leader.js"));
    const hash = createHash("sha256");
    for (const name of [...new Set(names)].sort()) {
        hash.update(read(name));
    }
    const version = hash.digest("hex").slice(0, 8);
    assert.ok(read("version.js").includes(`VERSION = "${version}";`),
        `the version in public/version.js must be "${version}" now`);
});

test("the worker's address, the channel and the locks have the version", () => {
    assert.match(read("tabs.js"),
        /SharedWorker\(`worker\.js\?version=\$\{VERSION\}`/);
    assert.match(read("leader.js"), /PLACE = `crier \$\{VERSION\} /);
    assert.match(read("leader.js"), /BroadcastChannel\(PLACE\)/);
    assert.match(read("leader.js"), /locks\.request\(`\$\{PLACE\} /);
});
