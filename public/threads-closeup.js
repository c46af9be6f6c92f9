// The layout of the picture beside a lab: the places that matter have most of
// the room, and the others are strips with a name and a number.

import { TITLE } from "./threads-layout.js";

const GAP = 8;
const TOKENS = 30; // the turns' tokens, below their title
const HISTORY = 28;
const NARROWEST = 96; // a box of the store

// Shares out `room` among these, in proportion to their weights, with at least
// `least` for each.
function share(room, names, weights, least) {
    const rest = room - least * names.length;
    const sum = names.reduce((all, name) => all + weights(name), 0);
    return names.map((name) => least + rest * weights(name) / sum);
}

// Returns a layout, as boxes in threads-layout.js, in which the places in
// `focus` (own, clients, idle, ready, turn, writing) are large.
export function closeup(focus) {
    const inStore = (name) => ["idle", "ready", "turn"].includes(name);
    const heavy = { own: 2, store: 4 };
    const weight = (name) => {
        const matters = name === "store" ? focus.some(inStore)
            : focus.includes(name);
        return matters ? heavy[name] ?? 1 : 0;
    };
    return (width, height) => {
        const rows = ["own", "clients", "store", "writing"];
        const low = TITLE + HISTORY + TITLE + TOKENS + GAP; // of the store
        const strips = 3 * TITLE + low + 3 * GAP;
        const heights = rows.map((name) =>
            (name === "store" ? low : TITLE));
        share(height - strips, rows, weight, 0)
            .forEach((more, i) => (heights[i] += more));
        const tops = heights.map((_, i) =>
            heights.slice(0, i).reduce((all, h) => all + h + GAP, 0));
        const box = (i) => ({ x: 0, y: tops[i], w: width, h: heights[i] });
        const store = box(2);
        return {
            own: box(0), clients: box(1), store, writing: box(3),
            history: { x: GAP, y: store.y + TITLE, w: width - 2 * GAP, h: 20 },
            ...inside(store, focus),
        };
    };
}

function inside(store, focus) {
    const names = ["idle", "ready", "turn"];
    const arrows = 16;
    const room = store.w - 2 * GAP - 2 * arrows;
    // A tile has the same seat and size in `idle` and in `ready`.
    const lists = ["idle", "ready"].some((name) => focus.includes(name));
    const weights = (name) => (name === "turn" ? focus.includes(name) : lists)
        ? 2 : 0.1;
    const widths = share(room, names, weights, Math.min(NARROWEST, room / 3));
    const y = store.y + TITLE + HISTORY;
    return Object.fromEntries(names.map((name, i) => [name, {
        x: GAP + widths.slice(0, i).reduce((all, w) => all + w + arrows, 0),
        y, w: widths[i], h: store.h - TITLE - HISTORY - GAP,
    }]));
}
