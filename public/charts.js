// The charts of the comparison. Each has one bar for each way.

// `bar` is the figure that the bar shows. `mark` is a second figure, shown as a
// line across the bar.
const CHARTS = [
    { title: "Delay", bar: (meter) => meter.median,
        mark: (meter) => meter.slowest, print: printDelay },
    { title: "Requests made", bar: (meter) => meter.requests, print: String },
    { title: "Bytes on the wire", bar: (meter) => meter.bytes,
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
    heading.textContent = title;
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
    label.textContent = name;
    row.append(label, figure);
    return { row, figure };
}

function printDelay(median, { slowest }) {
    const round = (ms) => ms.toFixed(ms < 10 ? 1 : 0);
    return `${round(median)} ms (max ${round(slowest)})`;
}

function printBytes(bytes) {
    return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}
