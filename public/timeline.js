// The timeline: what the threads did. It follows the stream of /timeline, and
// shows the newest message's way, until the reader wants to see something else.

import { postMessage } from "./post.js";
import { follow } from "./follow.js";
import { pathTo } from "./header.js";
import { tellRefusal } from "./refusal.js";
import { Legend } from "./threads-legend.js";
import { Timeline } from "./timeline-model.js";
import { Picture } from "./timeline-picture.js";
import { fillTable } from "./timeline-table.js";
import { Window } from "./timeline-window.js";
import { describeRow, describeWay } from "./timeline-words.js";
import { words } from "./words.js";

const LIVE_US = 10e6;
const MARGIN = 0.06; // beside a message's way
const OFFERED = 20; // messages in the list
const ZOOM = 1.5;
const MOVE = 0.25;

const $ = (id) => document.getElementById(id);
const model = new Timeline();
const view = new Window();
const picture = new Picture($("picture"), view, show);
let waiting = null; // events that came while it is paused
let fresh = true; // the next event is the first of its stream
let sent = 0;

$("threads").href = pathTo("threads.html");
new Legend($("legend"));

// The stream

function receive(event) {
    $("send").disabled = false;
    event.first = fresh;
    fresh = false;
    if (waiting) {
        waiting.push(event);
    } else if (take(event)) {
        offerMessages();
        show();
    } else if ($("message").value === "live") {
        show();
    }
}

function take(event) {
    if (event.first) {
        model.clear();
    }
    return model.update(event);
}

// What is shown

function chosenMessage() {
    const { value } = $("message");
    return value === "newest" ? model.messages.at(-1)
        : model.messages.find(({ id }) => id === value);
}

// The publisher first, then all in the order in which they had the message.
function order(message, way) {
    const first = model.rows.get(message.by);
    const rows = way.map(({ row }) => row);
    const others = [...model.rows.values()].filter((row) =>
        row !== first && !rows.includes(row)
        && row.segments.length > row.since(message.at)
        && row.segments.at(-1).step !== "sleeps");
    return [first, ...rows.filter((row) => row !== first), ...others]
        .filter(Boolean);
}

function show() {
    const message = chosenMessage();
    const way = message ? model.way(message) : [];
    if (message) {
        showWay(message, way);
    } else if ($("message").value !== "free") {
        picture.rows = [...model.rows.values()];
        picture.origin = model.now;
        view.show(model.now - LIVE_US, model.now);
    }
    Object.assign(picture,
        { now: model.now, messages: model.messages, wakes: model.wakes });
    tell("off", message && describeWay(message, way, model.now));
    fillTable(message, way, model.now);
    picture.draw();
}

function showWay(message, way) {
    const ends = way.map(({ written, has }) => written ?? has ?? model.now);
    const until = Math.max(message.at + 20, ...ends);
    const margin = (until - message.at) * MARGIN;
    picture.rows = order(message, way);
    picture.origin = message.at;
    view.show(message.at - margin, until + margin);
}

// The newest messages, the newest first.
function offerMessages() {
    const list = $("message");
    const { value } = list;
    const offered = model.messages.slice(-OFFERED).reverse().map(({ id }) => {
        const option = new Option(words("timeline.message", { id }), id);
        option.className = "one";
        return option;
    });
    list.querySelectorAll(".one").forEach((option) => option.remove());
    list.append(...offered);
    list.value = value;
    if (list.value !== value) { // the message is not kept any more
        list.value = "newest";
    }
}

// `live` is the element's aria-live: whether a screen reader reads it aloud.
function tell(live, text) {
    $("told").ariaLive = live;
    const parts = [text, model.lost > 0
        && words("timeline.lost", { count: model.lost })].filter(Boolean);
    if (picture.chosen) {
        parts.unshift(describeRow(picture.chosen, picture.segment, model.now));
    }
    $("told").textContent = parts.join(" · ") || (picture.rows.length > 0
        ? words("timeline.rows", { count: picture.rows.length })
        : words("timeline.nothing"));
}

// Pause, zoom, and move

function pause(paused) {
    $("pause").textContent = words(paused ? "timeline.go" : "timeline.pause");
    if (paused) {
        waiting ??= [];
        return;
    }
    const events = waiting ?? [];
    waiting = null;
    events.forEach(take);
    offerMessages();
    if ($("message").value === "free") {
        $("message").value = "newest";
    }
    show();
}

$("pause").addEventListener("click", () => pause(!waiting));
$("message").addEventListener("change", () => {
    const { value } = $("message");
    pause(value !== "newest" && value !== "live");
    show();
});

// From now on nothing moves but by the reader's hand.
function change(act) {
    pause(true);
    act();
    $("message").value = "free";
    picture.draw();
}

function scaleRows(factor) {
    view.scaleRows(factor);
    picture.draw();
}

const ACTS = {
    back: () => change(() => view.move(-MOVE)),
    on: () => change(() => view.move(MOVE)),
    in: () => change(() => view.zoom(1 / ZOOM)),
    out: () => change(() => view.zoom(ZOOM)),
    taller: () => scaleRows(ZOOM),
    flatter: () => scaleRows(1 / ZOOM),
};

for (const [id, act] of Object.entries(ACTS)) {
    $(id).addEventListener("click", act);
}

const KEYS = {
    ArrowLeft: ACTS.back, ArrowRight: ACTS.on, "+": ACTS.in, "=": ACTS.in,
    "-": ACTS.out, PageUp: ACTS.taller, PageDown: ACTS.flatter,
    ArrowUp: () => chooseBeside(-1), ArrowDown: () => chooseBeside(1),
    Home: () => {
        $("message").value = "newest";
        pause(false);
    },
};

$("picture").addEventListener("keydown", (event) => {
    const act = KEYS[event.key];
    if (act && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        act();
    }
});

// The space bar presses a button that has the focus, and opens a list.
addEventListener("keydown", (event) => {
    const used = event.target.closest("a, button, select, summary");
    if (event.key === " " && !used) {
        event.preventDefault();
        pause(!waiting);
    }
});

$("picture").addEventListener("wheel", (event) => {
    const by = event.deltaY || event.deltaX;
    event.preventDefault();
    if (event.altKey) {
        scaleRows(by < 0 ? ZOOM : 1 / ZOOM);
    } else if (event.shiftKey || event.deltaX) {
        change(() => view.move(Math.sign(by) * MOVE / 2));
    } else {
        change(() => view.zoom(by < 0 ? 1 / ZOOM : ZOOM,
            picture.shareAt(event.offsetX)));
    }
}, { passive: false });

// One thread

function choose(row, segment, live) {
    picture.chosen = row;
    picture.segment = segment;
    view.clampRows(picture.rows.length, picture.pixels,
        picture.rows.indexOf(row));
    const message = chosenMessage();
    tell(live, message && describeWay(message, model.way(message), model.now));
    picture.draw();
}

function chooseBeside(step) {
    const { rows, chosen } = picture;
    const row = rows[(rows.indexOf(chosen) + step + rows.length) % rows.length];
    if (row) {
        choose(row, row.segments.at(-1), "polite");
    }
}

$("picture").addEventListener("pointermove", ({ offsetX, offsetY }) => {
    const { row, segment } = picture.at(offsetX, offsetY);
    if (row && (row !== picture.chosen || segment !== picture.segment)) {
        choose(row, segment, "off");
    }
});

$("send").addEventListener("click", () => {
    postMessage($("problem"), words("threads.message", { count: ++sent }));
});

$("table").addEventListener("toggle", show);

follow(() => "timeline", {
    open() {
        fresh = true;
        $("problem").textContent = "";
    },
    refused: () => tellRefusal($("problem"), "timeline"),
    message: ({ data }) => receive(JSON.parse(data)),
});
