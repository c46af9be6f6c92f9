// The thread view. It follows the stream of /threads, and can slow the server
// down for a class.

import { follow } from "./follow.js";
import { pathTo } from "./header.js";
import { post, postMessage } from "./post.js";
import { tellRefusal } from "./refusal.js";
import { meaning } from "./threads-calls.js";
import { Legend } from "./threads-legend.js";
import { duration, Threads } from "./threads-model.js";
import { Picture } from "./threads-picture.js";
import { Pokes } from "./threads-pokes.js";
import { words } from "./words.js";

const ROWS = 100; // the most rows of the table
const TABLE_MS = 1000;

const $ = (id) => document.getElementById(id);
const model = new Threads();
const picture = new Picture($("picture"));
const legend = new Legend($("legend"));
const pokes = new Pokes(picture, () => model.rows.get(chosen));
let chosen = null; // a thread's id
let sent = 0; // messages from this page

$("timeline").href = pathTo("timeline.html");

// The stream

function take(look) {
    const published = model.store?.published ?? look.store.published;
    const busy = model.update(look);
    picture.show(model, busy, look.store.published > published);
    $("send").disabled = false;
    $("slow").disabled = !model.classroom;
    $("slow-hint").hidden = model.classroom;
    if (document.activeElement !== $("slow")) {
        $("slow").value = model.step ? "step" : String(model.slow);
    }
    showStep();
    pokes.show(model);
    $("replay").hidden = model.slow > 0;
    legend.show(model.rows.values());
    tell("off"); // a screen reader would read without an end
}

// Controls

$("slow").addEventListener("change", ({ target: { value } }) => {
    post($("problem"), value === "step" ? "slow?step" : `slow?ms=${value}`);
});

// Others see who made the last step, and when the server ends what was
// forgotten.
function showStep() {
    const { step } = model;
    for (const id of ["step", "step-message", "step-hint"]) {
        $(id).hidden = !step;
    }
    if (step) {
        $("step-by").textContent = words("threads.step.by",
            { by: step.by, left: duration(step.left_ms) });
    }
}

function takeStep() {
    post($("problem"), "slow?step");
}

$("step").addEventListener("click", takeStep);

$("step-message").addEventListener("click", () => {
    post($("problem"), "slow?step=message");
});

// The space bar presses a button that has the focus, and opens a list.
addEventListener("keydown", (event) => {
    const used = event.target.closest("a, button, select, summary");
    if (event.key === " " && model.step && !used) {
        event.preventDefault();
        takeStep();
    }
});

$("send").addEventListener("click", () => {
    postMessage($("problem"), words("threads.message", { count: ++sent }));
});

// One thread

const canvas = $("picture");

canvas.addEventListener("pointermove", choosePointed);
canvas.addEventListener("pointerdown", choosePointed);
canvas.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const ids = [...model.rows.keys()];
    if (event.key in step && ids.length > 0) {
        event.preventDefault();
        const at = ids.indexOf(chosen) + step[event.key];
        choose(ids[(at + ids.length) % ids.length]);
    }
});

function choosePointed({ offsetX, offsetY }) {
    const row = picture.at(offsetX, offsetY);
    if (row) {
        choose(row.id);
    }
}

function choose(id) {
    chosen = id;
    picture.choose(id);
    tell("polite");
}

// Describes the chosen thread. `live` is the element's aria-live: whether a
// screen reader reads the text aloud.
function tell(live) {
    $("told").ariaLive = live;
    const row = model.rows.get(chosen);
    if (row) {
        $("told").textContent = describe(row);
    } else if (chosen !== null) {
        $("told").textContent = words("threads.ended");
        chosen = null;
    }
}

function describe(row) {
    const { role, tid, blocked_in: call, place, channel, sent: count } = row;
    const means = words(meaning(row));
    const parts = [call
        ? [words("threads.told.call", { role, tid: `${tid}`, means, call }),
            ...describeKernel(row)].join(" ")
        : words("threads.told", { role, tid: `${tid}`, means })];
    if (place) {
        parts.push(words("threads.told.place", { place }),
            ...channel ? [words("threads.told.channel", { channel })] : [],
            words("threads.told.sent", { count }));
    }
    parts.push(...[row.client, row.request].filter(Boolean));
    return parts.join(" · ");
}

function describeKernel(row) {
    const kernel = [row.system_call, row.wchan].filter(Boolean).join(", ");
    const age = duration(model.age(row));
    return [
        kernel && words("threads.told.kernel", { kernel }),
        age && words("threads.told.age", { age }),
    ].filter(Boolean);
}

// The table

function fillTable() {
    if (!$("table").open) {
        return;
    }
    const rows = [...model.rows.values()].slice(0, ROWS);
    $("table").querySelector("tbody").replaceChildren(...rows.map((row) => {
        const line = document.createElement("tr");
        for (const text of [row.tid, row.role, row.blocked_in ?? words("threads.runs"),
            duration(model.age(row)), row.place ?? "", row.channel ?? "", row.sent,
            row.client ?? "", row.request ?? ""]) {
            line.insertCell().textContent = text;
        }
        return line;
    }));
    const more = model.rows.size - rows.length;
    $("more").textContent = more > 0
        ? words("threads.table.more", { count: more }) : "";
}

setInterval(fillTable, TABLE_MS);
$("table").addEventListener("toggle", fillTable);

follow(() => "threads", {
    open: () => ($("problem").textContent = ""),
    refused: () => tellRefusal($("problem"), "threads"),
    message: ({ data }) => take(JSON.parse(data)),
});
