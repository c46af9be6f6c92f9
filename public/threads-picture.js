// Draws the threads onto a canvas: the store with its mutex, its lists and its
// turns, a tile for each thread, and messages on their way. Nothing is drawn
// while nothing moves.

import { drawShape, kindOf } from "./threads-calls.js";
import { boxes, boxOf, place } from "./threads-layout.js";
import { number } from "./threads-model.js";

const SPEED = 0.02; // of the way that is left, each millisecond
const FLIGHT_MS = 700;
const MOST_DOTS = 80;

export class Picture {
    tiles = new Map(); // by the thread's id
    dots = [];
    chosen = null;
    frame = 0;

    constructor(canvas) {
        this.canvas = canvas;
        this.context = canvas.getContext("2d");
        this.still = matchMedia("(prefers-reduced-motion: reduce)");
        new ResizeObserver(() => this.resize()).observe(canvas);
        matchMedia("(prefers-color-scheme: dark)")
            .addEventListener("change", () => this.recolour());
        this.recolour();
    }

    recolour() {
        this.style = getComputedStyle(document.documentElement);
        this.sprites = new Map();
        this.ask();
    }

    resize() {
        const scale = devicePixelRatio;
        const { width, height } = this.canvas.getBoundingClientRect();
        this.canvas.width = Math.round(width * scale);
        this.canvas.height = Math.round(height * scale);
        this.context.setTransform(scale, 0, 0, scale, 0, 0);
        this.layout = boxes(width, height);
        this.arrange(true);
    }

    // Shows the threads as they are now; `busy` have got a message.
    show(model, busy) {
        this.model = model;
        for (const id of this.tiles.keys()) {
            if (!model.rows.has(id)) {
                this.tiles.delete(id);
            }
        }
        for (const [id, row] of model.rows) {
            const tile = this.tiles.get(id);
            if (tile) {
                tile.row = row;
            } else {
                this.tiles.set(id, { row, x: null });
            }
        }
        this.arrange(false);
        this.deliver(busy);
    }

    arrange(jump) {
        if (!this.layout || !this.model) {
            return;
        }
        place([...this.tiles.values()], this.layout);
        for (const tile of this.tiles.values()) {
            if (jump || tile.x === null || this.still.matches) {
                Object.assign(tile, tile.goal);
            }
        }
        this.ask();
    }

    // A message comes: from its publisher into the history.
    publish() {
        const { clients, history } = this.layout;
        const publisher = [...this.tiles.values()].findLast(
            ({ row }) => row.role === "publisher" && row.place === null);
        this.fly(publisher ? centre(publisher)
            : { x: clients.x + clients.w / 2, y: clients.y + clients.h / 2 },
            { x: history.x + history.w - 12, y: history.y + 10 }, 0);
    }

    // From the turns out to the sockets, one after the other.
    deliver(busy) {
        const { turn, writing } = this.layout ?? {};
        busy.filter((row) => row.place).slice(0, MOST_DOTS).forEach((row, i) => {
            const tile = this.tiles.get(row.id);
            if (turn && tile) {
                const share = ((i * 7) % 16 + 0.5) / 16;
                this.fly({ x: turn.x + 14 + 20 * (i % 4), y: turn.y + 38 },
                    writing.y > turn.y + turn.h
                        ? { x: writing.w * share, y: writing.y + writing.h - 8 }
                        : { x: writing.x + writing.w - 8,
                            y: writing.y + writing.h * share },
                    FLIGHT_MS * 0.6 + i * 12, tile);
            }
        });
    }

    fly(from, to, delay, tile) {
        if (!this.still.matches && this.dots.length < 3 * MOST_DOTS) {
            const start = performance.now() + delay;
            this.dots.push({ from, to, start, tile });
            this.ask();
        }
    }

    // The tile at a point of the canvas, or null.
    at(x, y) {
        for (const tile of this.tiles.values()) {
            const { goal, hidden } = tile;
            if (!hidden && x >= goal.x - 2 && x <= goal.x + goal.size + 2
                && y >= goal.y - 2 && y <= goal.y + goal.size + 2) {
                return tile.row;
            }
        }
        return null;
    }

    choose(id) {
        this.chosen = id;
        this.ask();
    }

    ask() {
        this.frame ||= requestAnimationFrame((now) => {
            this.frame = 0;
            this.draw(now);
        });
    }

    draw(now) {
        if (!this.layout || !this.model?.store) {
            return;
        }
        const { width, height } = this.canvas;
        const elapsed = Math.min(64, now - (this.latest ?? now));
        this.latest = now;
        this.context.clearRect(0, 0, width, height);
        this.drawBoxes();
        const moving = this.moveTiles(elapsed);
        this.drawTiles(now);
        this.drawDots(now);
        if (moving || this.dots.length > 0) {
            this.ask();
        } else {
            this.latest = null;
        }
    }

    colour(name) {
        return this.style.getPropertyValue(name);
    }

    drawBoxes() {
        const { layout, model: { store } } = this;
        this.size = this.canvas.clientWidth < 640 ? 13 : 15;
        this.box(layout.own, "The server's own", "", "--surface");
        this.box(layout.clients, "Other clients",
            this.count("clients"), "--surface");
        this.box(layout.store, "Store: one mutex guards all in here",
            "", "--surface", true);
        this.lock(layout.store);
        this.drawHistory(layout.history, store);
        this.box(layout.idle, "idle: have everything", this.count("idle"),
            "--page");
        this.box(layout.ready, "ready: wait for a turn", this.count("ready"),
            "--page");
        this.box(layout.turn, "turns", "", "--page");
        this.drawTurns(layout.turn, store);
        this.arrow(layout.idle, layout.ready);
        this.arrow(layout.ready, layout.turn);
        this.arrow(layout.turn, layout.writing);
        this.box(layout.writing, "writing, no lock held",
            this.count("writing"), "--surface");
    }

    count(name) {
        let n = 0;
        for (const { row } of this.tiles.values()) {
            n += boxOf(row) === name;
        }
        return number(n);
    }

    box({ x, y, w, h }, title, count, fill, strong = false) {
        const { context } = this;
        context.fillStyle = this.colour(fill);
        context.strokeStyle = this.colour(strong ? "--edge" : "--line");
        context.lineWidth = strong ? 2 : 1;
        context.beginPath();
        context.roundRect(x + 1, y + 1, w - 2, h - 2, 8);
        context.fill();
        context.stroke();
        context.textBaseline = "alphabetic";
        context.font = `600 ${this.size}px system-ui, sans-serif`;
        context.fillStyle = this.colour("--ink");
        const right = count ? context.measureText(count).width + 14 : 8;
        if (count) {
            context.fillText(count, x + w - right + 4, y + 20);
        }
        context.font = `${this.size}px system-ui, sans-serif`;
        context.fillStyle = this.colour("--muted");
        const left = strong ? 30 : 9;
        context.fillText(this.cut(title, w - right - left - 4), x + left,
            y + 20);
    }

    // As much of a title as there is room for: "writing, …" becomes "writing".
    cut(title, room) {
        const { context } = this;
        if (context.measureText(title).width <= room) {
            return title;
        }
        return title.split(/[:,]/)[0];
    }

    // A thread goes from this box to that.
    arrow(from, to) {
        const { context } = this;
        const down = to.y > from.y + 10 && to.x < from.x + from.w;
        const x = down ? from.x + from.w / 2 : (from.x + from.w + to.x) / 2;
        const y = down ? (from.y + from.h + to.y) / 2 : from.y + from.h / 2;
        const r = down ? 4 : 7;
        context.fillStyle = this.colour("--edge");
        context.beginPath();
        for (const [a, b] of [[-r, -r], [r, 0], [-r, r]]) {
            context.lineTo(down ? x + b * 1.6 : x + a, down ? y + a : y + b * 1.4);
        }
        context.fill();
    }

    lock({ x, y }) {
        const { context } = this;
        context.strokeStyle = this.colour("--ink");
        context.fillStyle = this.colour("--ink");
        context.lineWidth = 2;
        context.beginPath();
        context.arc(x + 18, y + 12, 4, Math.PI, 0);
        context.stroke();
        context.fillRect(x + 12, y + 12, 12, 9);
    }

    // The ring of the newest messages, the newest at the right.
    drawHistory({ x, y, w, h }, { published, last_id: last }) {
        const { context } = this;
        const text = published === 0 ? "history: no message yet"
            : `history: ${number(published)} published, newest ${last}`;
        context.font = `${this.size}px system-ui, sans-serif`;
        context.fillStyle = this.colour("--muted");
        const label = this.cut(text, w * 0.75);
        context.fillText(label, x, y + 14);
        const first = x + context.measureText(label).width + 12;
        for (let i = 0; i < 40; i++) {
            const left = x + w - (i + 1) * 14;
            if (left < first) {
                break;
            }
            context.strokeStyle = this.colour("--edge");
            context.fillStyle = this.colour("--brass");
            context.lineWidth = 1;
            context.beginPath();
            context.rect(left + 0.5, y + 4.5, 11, 11);
            if (i < published) {
                context.fill();
            }
            context.stroke();
        }
    }

    // A token for each turn: full while it is free.
    drawTurns({ x, y, w }, { turns, free_turns: free }) {
        const { context } = this;
        context.font = `${this.size}px system-ui, sans-serif`;
        context.fillStyle = this.colour("--muted");
        if (turns === 0) {
            context.fillText("no limit", x + 9, y + 42);
            return;
        }
        const step = Math.min(20, (w - 16) / Math.max(4, turns));
        for (let i = 0; i < turns; i++) {
            context.beginPath();
            context.arc(x + 9 + step * (i + 0.5), y + 38,
                Math.min(7, step * 0.4), 0, 2 * Math.PI);
            context.lineWidth = 1.5;
            context.strokeStyle = this.colour("--edge");
            context.fillStyle = this.colour("--brass");
            if (i < free) {
                context.fill();
            }
            context.stroke();
        }
        const text = `${free} free`;
        context.fillStyle = this.colour("--muted");
        context.fillText(text, x + w - context.measureText(text).width - 9,
            y + 20);
    }

    // True if some tile has not arrived.
    moveTiles(elapsed) {
        const share = 1 - Math.exp(-SPEED * elapsed);
        let moving = false;
        for (const tile of this.tiles.values()) {
            for (const key of ["x", "y", "size"]) {
                const left = tile.goal[key] - tile[key];
                if (Math.abs(left) > 0.3) {
                    tile[key] += left * share;
                    moving = true;
                } else {
                    tile[key] = tile.goal[key];
                }
            }
        }
        return moving;
    }

    drawTiles(now) {
        const { context } = this;
        context.font = `${this.size}px system-ui, sans-serif`;
        for (const { row, x, y, size, hidden, lit } of this.tiles.values()) {
            if (hidden) {
                continue;
            }
            this.stamp(kindOf(row), x, y, size);
            if (boxOf(row) === "own") {
                context.fillStyle = this.colour("--ink");
                context.fillText(row.role, x + size + 6, y + 10);
                context.fillStyle = this.colour("--muted");
                context.fillText(row.blocked_in ?? "runs", x + size + 6, y + 26);
            }
            if (row.id === this.chosen || now < lit) {
                context.strokeStyle = this.colour(
                    row.id === this.chosen ? "--ink" : "--brass");
                context.lineWidth = 2;
                context.strokeRect(x - 2, y - 2, size + 4, size + 4);
            }
        }
    }

    // The shape of a kind; drawn once for each size, then copied.
    stamp(kind, x, y, size) {
        const scale = devicePixelRatio;
        const pixels = Math.max(2, Math.round(size * scale));
        const key = kind * 1000 + pixels;
        let sprite = this.sprites.get(key);
        if (!sprite) {
            sprite = document.createElement("canvas");
            sprite.width = sprite.height = pixels;
            drawShape(sprite.getContext("2d"), kind, 0, 0, pixels, this.style);
            this.sprites.set(key, sprite);
        }
        this.context.drawImage(sprite, x, y, size, size);
    }

    drawDots(now) {
        const { context } = this;
        this.dots = this.dots.filter((dot) => {
            const share = (now - dot.start) / FLIGHT_MS;
            if (share >= 1) {
                if (dot.tile) {
                    dot.tile.lit = now + FLIGHT_MS;
                    setTimeout(() => this.ask(), FLIGHT_MS);
                }
                return false;
            }
            if (share > 0) {
                const eased = share * share * (3 - 2 * share);
                context.fillStyle = this.colour("--brass");
                context.strokeStyle = this.colour("--ink");
                context.lineWidth = 1;
                context.beginPath();
                context.arc(dot.from.x + (dot.to.x - dot.from.x) * eased,
                    dot.from.y + (dot.to.y - dot.from.y) * eased, 5, 0,
                    2 * Math.PI);
                context.fill();
                context.stroke();
            }
            return true;
        });
    }
}

function centre({ x, y, size }) {
    return { x: x + size / 2, y: y + size / 2 };
}

