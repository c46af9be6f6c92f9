// The thread view: follows /threads, and lets the class slow the server down.

import { meaning } from "./threads-calls.js";
import { Legend } from "./threads-legend.js";
import { duration, number, Threads } from "./threads-model.js";
import { Picture } from "./threads-picture.js";

const ROWS = 100; // of the table
const TABLE_MS = 1000;

const $ = (id) => document.getElementById(id);
const model = new Threads();
const picture = new Picture($("picture"));
const legend = new Legend($("legend"));
let chosen = null; // a thread's id
let sent = 0; // messages from this page

connect();
setInterval(fillTable, TABLE_MS);
$("table").addEventListener("toggle", fillTable);

// The stream

function connect() {
    const source = new EventSource("threads");
    source.addEventListener("open", () => setState("live", "Live"));
    source.addEventListener("message", ({ data }) => take(JSON.parse(data)));
    source.addEventListener("error", () => {
        setState("connecting", "Reconnecting…");
        if (source.readyState === EventSource.CLOSED) {
            refused();
        }
    });
    addEventListener("pagehide", () => source.close());
    addEventListener("pageshow", ({ persisted }) => persisted && connect());
}

function take(look) {
    const published = model.store?.published ?? look.store.published;
    const busy = model.update(look);
    picture.show(model, busy, look.store.published > published);
    $("problem").textContent = "";
    $("send").disabled = false;
    $("slow").disabled = !model.classroom;
    $("slow-hint").hidden = model.classroom;
    if (document.activeElement !== $("slow")) {
        $("slow").value = String(model.slow);
    }
    $("replay").hidden = model.slow > 0;
    legend.show(model.rows.values());
    tell("off"); // it would never stop
}

async function refused() {
    try {
        const answer = await fetch("threads");
        $("problem").textContent = answer.ok ? "" : await answer.text();
    } catch {
        $("problem").textContent = "The server does not answer.";
    }
    setState("connecting", "Not connected");
    setTimeout(connect, 5000);
}

function setState(state, text) {
    if ($("state").textContent !== text) {
        $("state").textContent = text;
        $("state").dataset.state = state;
    }
}

// Controls

$("slow").addEventListener("change", async () => {
    await post(`slow?ms=${$("slow").value}`);
});

$("send").addEventListener("click", async () => {
    await post("update", JSON.stringify({ text: `message ${++sent}` }));
});

async function post(path, body) {
    try {
        const answer = await fetch(path, { method: "POST", body });
        $("problem").textContent = answer.ok ? "" : await answer.text();
    } catch {
        $("problem").textContent = "The server does not answer.";
    }
}

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

// `live` says whether a screen reader shall read it out.
function tell(live) {
    $("told").ariaLive = live;
    const row = model.rows.get(chosen);
    if (row) {
        $("told").textContent = describe(row);
    } else if (chosen !== null) {
        $("told").textContent = "This thread has ended.";
        chosen = null;
    }
}

function describe(row) {
    const parts = [`${row.role} ${row.tid} ${meaning(row)}`];
    if (row.blocked_in) {
        parts[0] += `: ${row.blocked_in}`;
        const kernel = [row.system_call, row.wchan].filter(Boolean);
        if (kernel.length > 0) {
            parts[0] += ` (in the kernel ${kernel.join(", ")})`;
        }
        const age = duration(model.age(row));
        parts[0] += age && ` for ${age}`;
    }
    if (row.place) {
        parts.push(`place: ${row.place}`, `${number(row.sent)} sent`);
    }
    parts.push(...[row.client, row.request].filter(Boolean));
    return parts.join(" · ");
}

// The table

function fillTable() {
    if (!$("table").open) {
        return;
    }
    const rows = [...model.rows.values()].slice(0, ROWS);
    $("table").querySelector("tbody").replaceChildren(...rows.map((row) => {
        const line = document.createElement("tr");
        for (const text of [row.tid, row.role, row.blocked_in ?? "runs",
            duration(model.age(row)), row.place ?? "", row.sent,
            row.client ?? "", row.request ?? ""]) {
            line.insertCell().textContent = text;
        }
        return line;
    }));
    const more = model.rows.size - rows.length;
    $("more").textContent = more > 0 ? `And ${number(more)} more.` : "";
}
