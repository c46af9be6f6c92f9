// The threads of the server beside a lab, as threads.html has them, with the
// places enlarged that matter. It listens only while it can be seen.

import { tellRefusal } from "./refusal.js";
import { Stream } from "./stream.js";
import { meaning } from "./threads-calls.js";
import { closeup } from "./threads-closeup.js";
import { Threads } from "./threads-model.js";
import { Picture } from "./threads-picture.js";
import { words } from "./words.js";

const ZOOM = 1.15;

const $ = (id) => document.getElementById(id);
const model = new Threads();
let picture;
let pointed = null; // the id of a thread
let stream;
let inSight = false;
let awake = true;

// Enlarges these places; a list of their names.
export function enlarge(places) {
    picture ??= new Picture($("picture"), closeup(places), ZOOM);
    picture.arrangement = closeup(places);
    picture.resize();
}

// Says that something may have changed: whether the view can be seen, or the
// page is asleep.
function follow() {
    if (inSight && awake) {
        stream ??= new Stream(() => "threads", {
            refused: () => tellRefusal($("told"), "threads"),
            message: ({ data }) => take(JSON.parse(data)),
        });
    } else {
        stream?.close();
        stream = undefined;
    }
}

function take(look) {
    const published = model.store?.published ?? look.store.published;
    const busy = model.update(look);
    picture?.show(model, busy, look.store.published > published);
    $("send").disabled = false;
    tell();
}

// Describes the thread that is pointed at, or else the places.
function tell() {
    const row = model.rows.get(pointed);
    const { idle, ready, turn, writing } = model.store;
    $("told").textContent = row
        ? words("labs.thread", {
            role: row.role, tid: `${row.tid}`, means: words(meaning(row)),
        }) : words("labs.places", { idle, ready, turn, writing });
}

$("picture").addEventListener("pointermove", ({ offsetX, offsetY }) => {
    pointed = picture.at(offsetX, offsetY)?.id ?? null;
    if (model.store) {
        tell();
    }
});

new IntersectionObserver((entries) => {
    inSight = entries.at(-1).isIntersecting;
    follow();
}).observe($("picture"));

addEventListener("pageshow", () => {
    awake = true;
    follow();
});
addEventListener("pagehide", () => {
    awake = false;
    follow();
});
