// The parts of the picture that do not move: the boxes, the store with its
// mutex, its history and its turns, and the arrows between them.

import { TITLE } from "./threads-layout.js";
import { number, words } from "./words.js";

const CELL = 14; // the width of a message in the history

// `counts` has the number of threads for each box.
export function drawScene(pen, layout, store, counts) {
    const inner = { fill: "--page" };
    drawBox(pen, layout.own, ownTitle(store.journal));
    drawBox(pen, layout.clients, words("threads.box.clients"), { count: counts.clients });
    drawBox(pen, layout.store, words("threads.box.store"),
        { strong: true });
    drawLock(pen, layout.store);
    drawHistory(pen, layout.history, store);
    drawBox(pen, layout.idle, words("threads.box.idle"),
        { count: counts.idle, ...inner });
    drawBox(pen, layout.ready, words("threads.box.ready"),
        { count: counts.ready, ...inner });
    drawBox(pen, layout.turn, words("threads.box.turns"), inner);
    drawTurns(pen, layout.turn, store);
    drawBox(pen, layout.writing, words("threads.box.writing"),
        { count: counts.writing });
    drawArrow(pen, layout.idle, layout.ready);
    drawArrow(pen, layout.ready, layout.turn);
    drawArrow(pen, layout.turn, layout.writing);
}

// With a journal: the batch that its thread keeps, and the publishers behind.
function ownTitle(journal) {
    return journal ? words("threads.box.journal", journal)
        : words("threads.box.own");
}

function drawBox(pen, { x, y, w, h }, title,
    { count, fill = "--surface", strong = false } = {}) {
    const { context } = pen;
    pen.use(fill, strong ? "--edge" : "--line", strong ? 2 : 1);
    context.beginPath();
    context.roundRect(x + 1, y + 1, w - 2, h - 2, 8);
    context.fill();
    context.stroke();
    let room = w - 18;
    if (count !== undefined) {
        const text = number(count);
        pen.write(text, x + w - 10, y + TITLE - 10,
            { colour: "--ink", bold: true, end: true });
        room -= pen.width(text, true) + 8;
    }
    const left = strong ? 30 : 9; // beside the lock
    pen.write(pen.cut(title, room + 9 - left), x + left, y + TITLE - 10);
}

function drawLock(pen, { x, y }) {
    const { context } = pen;
    pen.use("--ink", "--ink", 2);
    context.beginPath();
    context.arc(x + 18, y + 13, 4, Math.PI, 0);
    context.stroke();
    context.fillRect(x + 12, y + 13, 12, 9);
}

// Draws the newest messages, the newest at the right.
function drawHistory(pen, { x, y, w }, { published, last_id: last }) {
    const { context } = pen;
    const text = published === 0 ? words("threads.box.history.none")
        : words("threads.box.history", { count: published, id: `${last}` });
    const label = pen.cut(text, w * 0.75);
    pen.write(label, x, y + 15);
    const first = x + pen.width(label) + 12;
    pen.use("--brass", "--edge");
    for (let i = 0; i < 40; i++) {
        const left = x + w - (i + 1) * CELL;
        if (left < first) {
            break;
        }
        context.beginPath();
        context.rect(left + 0.5, y + 4.5, CELL - 3, CELL - 3);
        if (i < published) {
            context.fill();
        }
        context.stroke();
    }
}

// Returns the place of the token of turn i. If there are many, they lie closer.
export function turnToken({ x, y, w }, turns, i) {
    const step = Math.min(20, (w - 16) / Math.max(4, turns));
    return {
        x: x + 9 + step * (i % Math.max(4, turns) + 0.5),
        y: y + TITLE + 8,
        r: Math.min(7, step * 0.4),
    };
}

// Draws a token for each turn. It is full while the turn is free.
function drawTurns(pen, box, { turns, free_turns: free }) {
    const { context } = pen;
    if (turns === 0) {
        pen.write(words("threads.box.unlimited"), box.x + 9, box.y + TITLE + 13);
        return;
    }
    pen.use("--brass", "--edge", 1.5);
    for (let i = 0; i < turns; i++) {
        const { x, y, r } = turnToken(box, turns, i);
        context.beginPath();
        context.arc(x, y, r, 0, 2 * Math.PI);
        if (i < free) {
            context.fill();
        }
        context.stroke();
    }
    pen.write(words("threads.box.free", { count: free }), box.x + box.w - 10, box.y + TITLE - 10,
        { end: true });
}

// Draws the arrow from one box to the next, which is to the right or below.
function drawArrow(pen, from, to) {
    const { context } = pen;
    const down = to.y > from.y + 10 && to.x < from.x + from.w;
    const x = down ? from.x + from.w / 2 : (from.x + from.w + to.x) / 2;
    const y = down ? (from.y + from.h + to.y) / 2 : from.y + from.h / 2;
    const r = down ? 4 : 7;
    pen.use("--edge");
    context.beginPath();
    for (const [a, b] of [[-r, -r], [r, 0], [-r, r]]) {
        context.lineTo(down ? x + b * 1.6 : x + a, down ? y + a : y + b * 1.4);
    }
    context.fill();
}
