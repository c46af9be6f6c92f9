// Medians of the rounds, as a table that a terminal and a README both show.

import { CASES } from "./cases.mjs";
import { NAMES } from "./servers.mjs";

function pick(result, dotted) {
    return dotted.split(".").reduce((value, name) => value?.[name], result);
}

export function median(values) {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle]
        : (sorted[middle - 1] + sorted[middle]) / 2;
}

function shown(value, digits) {
    return value === undefined ? "–" : value.toLocaleString("en", {
        minimumFractionDigits: digits, maximumFractionDigits: digits,
    });
}

// Two digits that count, whatever the size.
function ratio(ours, theirs) {
    const value = ours / theirs;
    return Number.isFinite(value)
        ? shown(value, value < 0.1 ? 3 : value < 10 ? 2 : 0) : "–";
}

// What crier cannot come below: see README.md.
const isFloor = (name) => ["loop", "bare"].includes(name);

function row(caseName, results, [label, dotted, digits]) {
    const { servers } = CASES[caseName];
    const value = (name) => {
        const all = results[name]?.map((result) => pick(result, dotted));
        return all?.length > 0 ? median(all) : undefined;
    };
    const ours = value("crier");
    const cells = [caseName, label, shown(ours, digits)];
    for (const name of ["nchan", "node", servers.find(isFloor)]) {
        const theirs = value(name);
        const wanted = servers.includes(name);
        cells.push(wanted ? shown(theirs, digits) : "",
            wanted ? ratio(ours, theirs) : "");
    }
    return cells;
}

function layOut(rows) {
    const widths = rows[0].map((_, column) =>
        Math.max(...rows.map((cells) => cells[column].length)));
    const line = (cells) => `| ${cells.map((cell, column) => (column < 2
        ? cell.padEnd(widths[column])
        : cell.padStart(widths[column]))).join(" | ")} |`;
    const rule = widths.map((width, column) =>
        "-".repeat(width - (column < 2 ? 0 : 1)) + (column < 2 ? "" : ":"));
    return [rows[0], rule, ...rows.slice(1)].map(line).join("\n");
}

// results[case][server] is a list, one result for each round.
export function table(results) {
    const rows = [["case", "figure", NAMES.crier,
        NAMES.nchan, "crier/nchan", NAMES.node, "crier/Node",
        "floor", "crier/floor"]];
    for (const [caseName, servers] of Object.entries(results)) {
        for (const figure of CASES[caseName].figures) {
            rows.push(row(caseName, servers, figure));
        }
    }
    return layOut(rows);
}
