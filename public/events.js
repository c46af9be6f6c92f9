// Threads and events, side by side: one thread that writes to all, and crier,
// under one load. scripts/sides measures both and posts what it sees, as events
// of the name `sides`.

import "./header.js";
import { Sides } from "./events-model.js";
import { Picture } from "./events-picture.js";
import { follow } from "./follow.js";
import { locale, words } from "./words.js";

// The rows of the table: the words, the load, the figure, digits. `floor` is
// what nobody can come below.
const ROWS = [
    ["sides.cpu", "paced", "cpu", 1],
    ["sides.floor", "floor", "cpu", 1],
    ["sides.switches", "paced", "switches", 2],
    ["sides.p50", "paced", "p50", 1],
    ["sides.p99", "paced", "p99", 1],
    ["sides.publish", "paced", "publish", 1],
    ["sides.burst.cpu", "burst", "cpu", 2],
    ["sides.burst.rate", "burst", "rate", 0],
    ["sides.memory", "paced", "resident", 1],
];

const $ = (id) => document.getElementById(id);
const WHO = ["events", "threads"];
const pictures = Object.fromEntries(WHO.map((who) => [who, new Picture($(who))]));
let model = new Sides();
let due = 0; // the frame in which all is drawn

// The stream

// Others may post what is no JSON.
function take(data) {
    try {
        model.take(JSON.parse(JSON.parse(data).text));
    } catch (error) {
        console.debug(error);
    }
    due ||= requestAnimationFrame(show);
}

// What is shown

function show() {
    due = 0;
    $("run").textContent = !model.run ? words("sides.none")
        : model.ended ? words("sides.done", {
            subscribers: model.subscribers, count: model.rounds,
        }) : model.round > 0
            ? words("sides.round", { round: model.round, rounds: model.rounds })
            : words("sides.begun");
    WHO.forEach(showServer);
    ROWS.forEach(showRow);
}

function showServer(who) {
    const look = model.looks[who];
    pictures[who].show({
        threads: 0, awake: 0, ...look, connections: model.subscribers,
    });
    $(`${who}-told`).textContent = look ? words("sides.look", {
        count: look.threads, awake: look.awake,
        connections: model.subscribers,
    }) : "";
}

// One thread cannot do with less than it needs. A thread for each needs that,
// and a turn that is passed.
function value(who, load, name) {
    if (load !== "floor") {
        return model.figure(load, who, name);
    }
    const written = model.figure("paced", "events", name);
    return written === null || model.floor === null ? null
        : written + (who === "threads" ? model.floor : 0);
}

function showRow([, load, name, digits], i) {
    const cells = tbody.rows[i].cells;
    const values = WHO.map((who) => value(who, load, name));
    const most = Math.max(...values);
    const shown = new Intl.NumberFormat(locale, {
        minimumFractionDigits: digits, maximumFractionDigits: digits,
    }).format;
    values.forEach((figure, column) => {
        const cell = cells[column + 1];
        cell.textContent = figure === null ? "–" : shown(figure);
        cell.style.setProperty("--share", figure ? figure / most : 0);
    });
}

const tbody = document.querySelector("tbody");

for (const [text, load] of ROWS) {
    const row = tbody.insertRow();
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = words(text);
    row.append(head);
    row.insertCell();
    row.insertCell();
    row.classList.toggle("floor", load === "floor");
}
document.title = words("page.title", { page: words("sides.title") });
show();

follow(() => "subscribe?lastEventId=0", {
    asked(again) {
        if (!again) {
            model = new Sides(); // all comes from the beginning
        }
    },
    sides: ({ data }) => take(data),
});
