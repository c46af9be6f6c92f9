// The charts of the comparison. Each has one bar for each way.

import { words } from "./words.js";

// `bar` is the figure that the bar shows. `mark` is a second figure, shown as a
// line across the bar.
const CHARTS = [
    { title: "compare.delay", bar: (meter) => meter.median,
        mark: (meter) => meter.slowest, print: printDelay },
    { title: "compare.requests", bar: (meter) => meter.requests, print: String },
    { title: "compare.bytes", bar: (meter) => meter.bytes,
        print: printBytes },
];

// Returns a function that draws all charts from the meters of the ways.
export function createCharts(parent, ways) {
    const charts = CHARTS.map((chart) => createChart(parent, ways, chart));
    return (meters) => charts.forEach((draw) => draw(meters));
}

function createChart(parent, ways, { title, bar, mark, print }) {
    const section = document.createElement("section");
    const heading = document.createElement("h2");
    const list = document.createElement("dl");
    const rows = ways.map(createRow);
    heading.textContent = words(title);
    list.append(...rows.map(({ row }) => row));
    section.append(heading, list);
    parent.append(section);

    return (meters) => {
        const most = Math.max(1, ...meters.map((meter) =>
            (mark ?? bar)(meter) || 0));
        rows.forEach(({ row, figure }, i) => {
            const value = bar(meters[i]);
            const text = value === undefined ? "–" : print(value, meters[i]);
            row.style.setProperty("--bar", (value ?? 0) / most);
            row.style.setProperty("--mark", mark && value !== undefined
                ? mark(meters[i]) / most : -1);
            if (figure.textContent !== text) {
                figure.textContent = text;
            }
        });
    };
}

function createRow({ name, className }) {
    const row = document.createElement("div");
    const label = document.createElement("dt");
    const figure = document.createElement("dd");
    row.className = className;
    label.textContent = words(name);
    row.append(label, figure);
    return { row, figure };
}

// Seconds, if need be: the wall has no room for more digits.
function printDelay(median, { slowest }) {
    const long = slowest >= 1000;
    const round = (ms) => long ? (ms / 1000).toFixed(slowest < 10000 ? 2 : 1)
        : ms.toFixed(ms < 10 ? 1 : 0);
    return words(long ? "compare.seconds" : "compare.ms",
        { median: round(median), slowest: round(slowest) });
}

function printBytes(bytes) {
    return bytes < 1000 ? words("unit.bytes", { count: bytes })
        : words("unit.kilobytes", { count: (bytes / 1000).toFixed(1) });
}
