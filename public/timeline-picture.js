// Draws the timeline onto a canvas: a row for each thread, its time in the
// colours of what it was blocked in, and an arrow for each wake-up.

import { KINDS, kindOf } from "./threads-calls.js";
import { Pen } from "./threads-pen.js";
import { moment } from "./timeline-words.js";
import { tick } from "./timeline-window.js";
import { words } from "./words.js";

const TOP = 28; // the axis
const BOTTOM = 6;
const LABELLED = 15; // a row with its name is at least so high
const HEADS = 6; // one with the heads of its arrows
const MOST_ARROWS = 6000;

export class Picture {
    rows = []; // in their order from above
    messages = [];
    wakes = [];
    now = 0;
    origin = 0; // what the axis counts from
    chosen = null; // a row
    message = null; // whose way is shown

    constructor(canvas, view, changed) {
        this.pen = new Pen(canvas);
        this.view = view;
        this.changed = changed;
        this.pen.watch(() => this.resize(), () => this.draw());
    }

    resize() {
        Object.assign(this, this.pen.resize());
        this.draw();
        this.changed();
    }

    get pixels() {
        return Math.max(1, (this.height ?? 0) - TOP - BOTTOM);
    }

    get rowHeight() {
        return this.view.rowHeight(this.rows.length, this.pixels);
    }

    get left() {
        return this.rowHeight >= LABELLED ? Math.min(180, this.width * 0.3) : 0;
    }

    x(us) {
        const { from, length } = this.view;
        return this.left + (us - from) / length * (this.width - this.left);
    }

    y(index) {
        return TOP + (index - this.view.firstRow) * this.rowHeight;
    }

    // Returns the share of the width at a point of the canvas, for a zoom
    // around it.
    shareAt(x) {
        return Math.min(1, Math.max(0, (x / this.pen.zoom - this.left)
            / (this.width - this.left)));
    }

    // Returns { row, segment } at a point of the canvas; both may be undefined.
    at(canvasX, canvasY) {
        const x = canvasX / this.pen.zoom;
        const y = canvasY / this.pen.zoom;
        const { from, length, firstRow } = this.view;
        const row = y < TOP ? undefined
            : this.rows[firstRow + Math.floor((y - TOP) / this.rowHeight)];
        const us = from + this.shareAt(canvasX) * length;
        const segment = x < this.left ? undefined
            : row?.segments.slice(row.since(us), row.since(us) + 1)
                .find(({ from: start }) => start <= us);
        return { row, segment };
    }

    draw() {
        if (!this.width) {
            return;
        }
        const { context } = this.pen;
        this.pen.clear();
        this.view.clampRows(this.rows.length, this.pixels);
        this.drawAxis();
        context.save();
        context.beginPath();
        context.rect(0, TOP, this.width, this.height - TOP);
        context.clip();
        this.rows.forEach((row, index) => this.drawRow(row, index));
        this.drawMessages();
        this.drawWakes();
        context.restore();
    }

    drawAxis() {
        const { pen, view } = this;
        const step = tick(view.length, (this.width - this.left) / 110);
        const first = Math.ceil((view.from - this.origin) / step) * step;
        pen.use("--line");
        for (let us = first; us + this.origin < view.to; us += step) {
            const x = this.x(us + this.origin);
            pen.context.fillRect(x, TOP - 6, 1, this.height);
            pen.write(moment(us, step), x + 4, 16);
        }
    }

    drawRow(row, index) {
        const y = this.y(index);
        const height = this.rowHeight;
        if (y + height < TOP || y > this.height) {
            return;
        }
        const bar = height < 4 ? height : height * 0.64;
        const top = y + (height - bar) / 2;
        const { view, pen } = this;
        for (let i = row.since(view.from); i < row.segments.length; i++) {
            const { from, to, call } = row.segments[i];
            if (from > view.to) {
                break;
            }
            const left = Math.max(this.left, this.x(from));
            const right = Math.min(this.width, this.x(to ?? this.now));
            pen.use(KINDS[kindOf({ blocked_in: call })].colour);
            pen.context.fillRect(left, top, Math.max(0.75, right - left), bar);
        }
        if (this.left) {
            pen.write(words("timeline.row", { role: row.role,
                tid: String(row.tid) }), 4, y + height / 2 + 5,
            { colour: "--ink", bold: row === this.chosen,
                most: this.left - 12 });
        }
        if (row === this.chosen) {
            pen.use("--ink", "--ink", 2);
            pen.context.strokeRect(this.left + 1, top - 1,
                this.width - this.left - 2, Math.max(3, bar + 2));
        }
    }

    // The moment when each message was published, and when each row had it.
    drawMessages() {
        const { pen, view } = this;
        const radius = Math.min(5, this.rowHeight / 4);
        pen.use("--brass", "--ink");
        for (const { at } of this.messages) {
            if (at >= view.from && at <= view.to) {
                pen.context.fillRect(this.x(at) - 1, TOP, 2, this.height);
            }
        }
        if (radius < 1.5) {
            return;
        }
        this.rows.forEach((row, index) => {
            for (const { at } of row.collected) {
                if (at >= view.from && at <= view.to) {
                    pen.context.beginPath();
                    pen.context.arc(this.x(at),
                        this.y(index) + this.rowHeight / 2, radius, 0,
                        2 * Math.PI);
                    pen.context.fill();
                    pen.context.stroke();
                }
            }
        });
    }

    drawWakes() {
        const { pen, view } = this;
        const index = new Map(this.rows.map((row, i) => [row.tid, i]));
        let left = MOST_ARROWS;
        for (const wake of this.wakes) {
            const until = wake.until ?? this.now;
            if (until < view.from || wake.at > view.to
                || !index.has(wake.from) || !index.has(wake.to) || left-- < 0) {
                continue;
            }
            pen.use(wake.why === "gives" ? "--ink" : "--problem",
                undefined, this.rowHeight < HEADS ? 0.75 : 1.75);
            this.drawArrow(
                this.x(wake.at), this.y(index.get(wake.from) + 0.5),
                this.x(until), this.y(index.get(wake.to) + 0.5));
        }
    }

    drawArrow(x1, y1, x2, y2) {
        const { context } = this.pen;
        context.beginPath();
        context.moveTo(x1, y1);
        context.lineTo(x2, y2);
        context.stroke();
        if (this.rowHeight < HEADS) {
            return;
        }
        const angle = Math.atan2(y2 - y1, x2 - x1);
        context.beginPath();
        context.moveTo(x2, y2);
        for (const turn of [0.4, -0.4]) {
            context.lineTo(x2 - 9 * Math.cos(angle + turn),
                y2 - 9 * Math.sin(angle + turn));
        }
        context.fill();
    }
}
