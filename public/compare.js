// The comparison: sends messages, hears them in three ways (ways.js), and draws
// what each way costs (meter.js).

import { Meter } from "./meter.js";
import { listen, longPoll, poll } from "./ways.js";

const MANY_MS = 333;
const DRAW_MS = 250;
const RETRY_MS = 2000;

const WAYS = [
    { name: "Polling", className: "polling", start: poll },
    { name: "Long polling", className: "longpolling", start: longPoll },
    { name: "SSE", className: "sse", start: listen },
];

// Each has a bar for each way; `mark` is a second figure that it marks.
const CHARTS = [
    { title: "Delay", bar: (meter) => meter.median,
        mark: (meter) => meter.slowest, print: printDelay },
    { title: "Requests made", bar: (meter) => meter.requests, print: String },
    { title: "Bytes on the wire", bar: (meter) => meter.bytes,
        print: printBytes },
];

const state = document.getElementById("state");
const many = document.getElementById("many");
const error = document.getElementById("error");

// Sending

const sent = new Map(); // when each text was sent

async function send() {
    const time = performance.now();
    const text = `compare: sent at ${performance.timeOrigin + time}`;
    sent.set(text, time);
    try {
        const response = await fetch("/update", {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ text }),
        });
        error.textContent = response.ok ? ""
            : `Not sent: ${(await response.json()).error}`;
    } catch {
        error.textContent = "Not sent: the server does not answer.";
    }
}

let timer;

function sendMany() {
    clearInterval(timer);
    if (many.checked) {
        send();
        timer = setInterval(send, MANY_MS);
    }
}

// Hearing

let meters = createMeters();
let running;

function createMeters() {
    return WAYS.map(() => new Meter(sent));
}

async function start() {
    stop();
    const { signal } = running = new AbortController();
    sent.clear();
    meters = createMeters();
    const after = await findNow(signal);
    if (!signal.aborted) {
        WAYS.forEach((way, i) => way.start(after, meters[i], signal));
    }
}

function stop() {
    running?.abort();
}

// The id of the newest message, after which all three begin.
async function findNow(signal) {
    while (!signal.aborted) {
        try {
            const response = await fetch("/poll", { signal });
            const id = response.headers.get("Last-Event-ID");
            if (id) {
                return id;
            }
        } catch {
            // as below
        }
        await new Promise((resolve) => {
            setTimeout(resolve, RETRY_MS);
        });
    }
    return undefined;
}

// Drawing

function createChart({ title, bar, mark, print }) {
    const section = document.createElement("section");
    const heading = document.createElement("h2");
    const list = document.createElement("dl");
    heading.textContent = title;
    const rows = WAYS.map(({ name, className }) => {
        const row = document.createElement("div");
        const label = document.createElement("dt");
        const figure = document.createElement("dd");
        row.className = className;
        label.textContent = name;
        row.append(label, figure);
        list.append(row);
        return { row, figure };
    });
    section.append(heading, list);
    document.getElementById("charts").append(section);

    return () => {
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

function printDelay(median, { slowest }) {
    const round = (ms) => ms.toFixed(ms < 10 ? 1 : 0);
    return `${round(median)} ms (max ${round(slowest)})`;
}

function printBytes(bytes) {
    return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}

function drawState() {
    const live = meters.some((meter) => meter.live)
        && meters.every((meter) => meter.live !== false);
    const name = live ? "live" : "reconnecting";
    if (state.dataset.state !== name) {
        state.dataset.state = name;
        state.textContent = live ? "Live" : "Connecting…";
    }
}

const charts = CHARTS.map(createChart);

function drawHeard() {
    WAYS.forEach(({ className }, i) => {
        document.querySelector(`#ways .${className} b`).textContent =
            meters[i].messages;
    });
}

function draw() {
    charts.forEach((drawChart) => drawChart());
    drawHeard();
    drawState();
}

// Start

document.getElementById("one").addEventListener("click", send);
document.getElementById("reset").addEventListener("click", start);
many.addEventListener("change", sendMany);
addEventListener("pageshow", start);
addEventListener("pagehide", stop);
setInterval(() => requestAnimationFrame(draw), DRAW_MS);
