// The house: which folder of src/ and include/ may include which, that no module
// depends on itself by way of others, and that the files stay short.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const top = fileURLToPath(new URL("../..", import.meta.url));

// Which folders a folder may include, besides itself. "" is src/ itself.
const below = {
    base: [],
    http: ["base"],
    store: ["base"],
    journal: ["base", "store"],
    server: ["base", "http", "store"],
    pages: ["base", "http", "store", "journal", "server"],
    threads: ["base", "http", "store", "journal", "server"],
    "": ["base", "http", "store", "journal", "server", "pages", "threads"],
};

// A private header belongs to a module.
const belongs = { "store/store_private": "store/store" };

function files(folder) {
    return readdirSync(join(top, folder), { recursive: true })
        .filter((name) => /\.[ch]$/.test(name))
        .map((name) => {
            const text = readFileSync(join(top, folder, name), "utf8");
            const module = name.replace(/\.[ch]$/, "");

            return {
                name: `${folder}/${name}`,
                module: belongs[module] ?? module,
                folder: module.includes("/") ? module.split("/")[0] : "",
                lines: text.split("\n").length - 1,
                includes: [...text.matchAll(/^#include "(.*)\.h"$/gm)].map(
                    (match) => match[1],
                ),
            };
        });
}

const all = [...files("src"), ...files("include")];

test("arrows point down: a folder includes only what is below it", () => {
    assert.ok(all.length > 80, `only ${all.length} files found`);
    for (const file of all)
        for (const included of file.includes) {
            const folder = included.includes("/") ? included.split("/")[0] : "";

            assert.ok(
                folder === file.folder || below[file.folder].includes(folder),
                `${file.name} includes ${included}.h`,
            );
        }
});

test("no module depends on itself by way of others", () => {
    const arrows = new Map();
    const done = new Set();

    for (const file of all) {
        const targets = arrows.get(file.module) ?? new Set();

        for (const included of file.includes)
            targets.add(belongs[included] ?? included);
        targets.delete(file.module);
        arrows.set(file.module, targets);
    }
    function visit(module, path) {
        assert.ok(!path.includes(module), [...path, module].join(" -> "));
        if (done.has(module)) return;
        for (const target of arrows.get(module) ?? [])
            visit(target, [...path, module]);
        done.add(module);
    }
    for (const module of arrows.keys()) visit(module, []);
});

test("only the table of routes knows the thread view", () => {
    for (const file of all)
        if (file.folder !== "threads" && file.name !== "src/routes.c")
            assert.deepEqual(
                file.includes.filter((name) => name.startsWith("threads/")),
                [],
                file.name,
            );
});

test("only the table of journals knows the kinds", () => {
    for (const file of all)
        if (!file.module.startsWith("journal/"))
            assert.deepEqual(
                file.includes.filter((name) =>
                    /^journal\/(?!journal$)/.test(name)),
                [],
                file.name,
            );
});

test("the inside of the store stays in the store", () => {
    for (const file of all)
        if (file.folder !== "store")
            assert.ok(!file.includes.includes("store/store_private"), file.name);
});

test("the path that a student reads is at most 1,400 lines", () => {
    const path = [
        "main", "server/server", "server/connection", "server/exchange",
        "routes", "pages/update", "store/message", "store/store",
        "store/history", "pages/subscribe",
    ];
    const read = all.filter((file) => path.includes(file.module));
    const lines = read.reduce((sum, file) => sum + file.lines, 0);

    assert.ok(read.length >= 19, `only ${read.length} files found`);
    assert.ok(lines <= 1400, `${lines} lines`);
});

test("a file has at most 250 lines", () => {
    for (const file of all)
        assert.ok(file.lines <= 250, `${file.name}: ${file.lines} lines`);
});
