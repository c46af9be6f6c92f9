// What the documents name must be there: every relative link and its #anchor,
// every path of this repository, every make target, and the options as
// `crier --help` prints them. And the first README must stay short.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BINARY = process.env.CRIER ?? join(ROOT, "build/crier");
const README_LINES = 180;

const read = (path) => readFileSync(join(ROOT, path), "utf8");

// All Markdown files, but those that were built or installed.
function documents(folder = "") {
    return readdirSync(join(ROOT, folder), { withFileTypes: true })
        .filter(({ name }) => !/^(build|node_modules|\..*)$/.test(name))
        .flatMap((entry) => {
            const path = join(folder, entry.name);
            return entry.isDirectory() ? documents(path)
                : path.endsWith(".md") ? [path] : [];
        });
}

// Code is not prose: what looks like a link or a title in it is none.
function withoutBlocks(text) {
    return text.replace(/^```.*?^```$/gms, "").replace(/^ {4}.*$/gm, "");
}

function withoutCode(text) {
    return withoutBlocks(text).replace(/`[^`]*`/g, "");
}

// The anchors of a document's titles, as code hosts make them.
function anchors(text) {
    const seen = new Map();
    return [...withoutBlocks(text).matchAll(/^#+ +(.*?) *$/gm)].map(([, title]) => {
        const anchor = title.toLowerCase().replace(/[^\p{L}\p{N}_ -]/gu, "")
            .replaceAll(" ", "-");
        const times = seen.get(anchor) ?? 0;
        seen.set(anchor, times + 1);
        return times > 0 ? `${anchor}-${times}` : anchor;
    });
}

function isGoodLink(file, text, link) {
    const [path, anchor] = decodeURI(link).split("#");
    if (!path) {
        return anchors(text).includes(anchor);
    }
    const target = resolve(ROOT, dirname(file), path);
    if (relative(ROOT, target).startsWith("..") || !existsSync(target)) {
        return false;
    }
    return anchor === undefined ||
        anchors(readFileSync(target, "utf8")).includes(anchor);
}

// Its last part may have a * for some names, of which there must be one.
function isGoodPath(path) {
    const names = basename(path).split("*")
        .map((part) => part.replaceAll(".", "\\.")).join(".*");
    const folder = join(ROOT, dirname(path));
    return existsSync(folder) &&
        readdirSync(folder).some((name) => RegExp(`^${names}$`).test(name));
}

const targets = read("Makefile").replaceAll("$(BUILD)", "build")
    .match(/^[\w$][^\t#=\n:]*(?=:(?!=))/gm)
    .flatMap((names) => names.split(/\s+/));

// What a document names although it is not there.
function faults(file, text) {
    const links = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, link]) => link).filter((link) => !/^[a-z]+:/.test(link));
    const paths = text.match(
        /(?<![\w./:-])(src|include|public|scripts|test|\.ci)\/[\w.*/-]*\w\*?/g) ??
        [];
    const made = text.match(/^ {4}.*$|`[^`]*`/gm)?.flatMap((code) =>
        code.match(/(?<=\bmake )[a-z][\w/-]*/g) ?? []) ?? [];
    return [
        ...links.filter((link) => !isGoodLink(file, text, link)),
        ...paths.filter((path) => !isGoodPath(path)),
        ...made.filter((target) => !targets.includes(target))
            .map((target) => `make ${target}`),
    ];
}

for (const file of documents()) {
    test(`${file} names only what is there`, () => {
        assert.deepEqual(faults(file, read(file)), []);
    });
}

test("faults are seen", () => {
    const text = [
        "# A title, `code` and a title", "## Twice", "## Twice", "",
        "[1](#a-title-code-and-a-title) [2](#twice-1) [3](../bench/README.md)",
        "[4](http://localhost/) `test/docs/*.mjs` `.ci/run -x` `make test`, make it",
        "", "    scripts/update $ make build/bench-load", "",
        "[bad](#title) [two", "lines](#twice-2) [bad](nowhere.md)",
        "[bad](../../README.md#nowhere) [out](../../../x) `test/docs/*.c`",
        "see src/nowhere.c. `make nothing`", "", "    $ scripts/nothing && make no",
    ].join("\n");
    assert.deepEqual(faults("test/docs/sample.md", text), [
        "#title", "#twice-2", "nowhere.md", "../../README.md#nowhere",
        "../../../x", "test/docs/*.c", "src/nowhere.c", "scripts/nothing",
        "make nothing", "make no",
    ]);
});

test("README.md is short", () => {
    assert.ok(read("README.md").trimEnd().split("\n").length <= README_LINES);
});

test("README.ko.md follows the lecture", () => {
    const titles = read("README.ko.md").match(/(?<=^## ).*$/gm);
    assert.deepEqual(titles, ["구조", "서버", "클라이언트", "재연결", "정리"]);
    assert.ok(read("README.ko.md").split("\n").length <= README_LINES);
    const requests = (path) => [...new Set(read(path)
        .match(/(?<=^\|[^|]*`(GET|POST) )\/\w+/gm))].sort();
    assert.ok(requests("README.md").length > 7);
    assert.deepEqual(requests("README.ko.md"), requests("README.md"));
});

test("README.md has the options as crier --help prints them", () => {
    const help = execFileSync(BINARY, ["--help"], { encoding: "utf8" });
    const block = help.trimEnd().replace(/^(?=.)/gm, "    ");
    assert.ok(read("README.md").includes(`\n\n${block}\n\n`), block);
});
