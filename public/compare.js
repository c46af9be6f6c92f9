// The comparison page. It sends messages and receives them in three ways
// (ways.js). Charts (charts.js) show what each way costs (meter.js).

import { createCharts } from "./charts.js";
import "./header.js";
import { Meter } from "./meter.js";
import { postMessage } from "./post.js";
import { whileShown } from "./shown.js";
import { showState } from "./state.js";
import { findNewest, listen, longPoll, poll } from "./ways.js";
import { words } from "./words.js";

const MANY_MS = 333;
const DRAW_MS = 250;

const WAYS = [
    { name: "compare.polling", className: "polling", start: poll },
    { name: "compare.longpolling", className: "longpolling",
        start: longPoll },
    { name: "compare.sse", className: "sse", start: listen },
];

const many = document.getElementById("many");
const error = document.getElementById("error");

// Sending

const sent = new Map(); // from a text to the time at which it was sent

function send() {
    const time = performance.now();
    const text = words("compare.text",
        { time: String(performance.timeOrigin + time) });
    sent.set(text, time);
    postMessage(error, text);
}

let timer;

function sendMany() {
    clearInterval(timer);
    if (many.checked) {
        send();
        timer = setInterval(send, MANY_MS);
    }
}

// Receiving

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
    const after = await findNewest(signal);
    if (!signal.aborted) {
        WAYS.forEach((way, i) => way.start(after, meters[i], signal));
    }
}

function stop() {
    running?.abort();
}

// Drawing

const drawCharts = createCharts(document.getElementById("charts"), WAYS);

function drawHeard() {
    WAYS.forEach(({ className }, i) => {
        document.querySelector(`#ways .${className} b`).textContent =
            meters[i].messages;
    });
}

function drawState() {
    const live = meters.some((meter) => meter.live)
        && meters.every((meter) => meter.live !== false);
    showState(live ? "live" : "connecting");
}

function draw() {
    drawCharts(meters);
    drawHeard();
    drawState();
}

// Start

document.getElementById("one").addEventListener("click", send);
document.getElementById("reset").addEventListener("click", start);
many.addEventListener("change", sendMany);
whileShown(start, stop);
setInterval(() => requestAnimationFrame(draw), DRAW_MS);
