// Draws the threads onto a canvas. Each thread is a tile, in the box of its
// place. Nothing is drawn while nothing moves.

import { KINDS, kindOf } from "./threads-calls.js";
import { boxes, boxOf, place } from "./threads-layout.js";
import { Messages } from "./threads-messages.js";
import { Pen } from "./threads-pen.js";
import { drawScene } from "./threads-scene.js";
import { drawShape } from "./threads-shapes.js";
import { words } from "./words.js";

const SPEED = 0.02; // the share of the remaining way, for each millisecond

export class Picture {
    tiles = new Map(); // by the thread's id
    messages = new Messages();
    stamps = new Map();
    chosen = null;
    poked = null; // a thread's tid
    frame = 0;

    // `arrangement` is a function like boxes, and all is drawn so many times as
    // large.
    constructor(canvas, arrangement = boxes, zoom = 1) {
        this.pen = new Pen(canvas, zoom);
        this.arrangement = arrangement;
        this.still = matchMedia("(prefers-reduced-motion: reduce)");
        this.pen.watch(() => this.resize(), () => this.recolour());
    }

    recolour() {
        this.stamps.clear();
        this.ask();
    }

    resize() {
        const { width, height } = this.pen.resize();
        this.layout = this.arrangement(width, height);
        this.arrange(true);
    }

    // Shows the threads as they are now. The rows in `busy` were sent a message
    // since the look before. `newMessage` is true if one was published.
    show(model, busy, newMessage) {
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
        if (this.layout && !this.still.matches) {
            this.follow(busy, newMessage);
        }
    }

    arrange(jump) {
        if (!this.layout || !this.model) {
            return;
        }
        const tiles = [...this.tiles.values()];
        place(tiles, this.layout);
        for (const tile of tiles) {
            if (jump || tile.x === null || this.still.matches) {
                Object.assign(tile, tile.goal);
            }
        }
        this.count(tiles);
        this.ask();
    }

    count(tiles) {
        this.counts = { clients: 0, idle: 0, ready: 0, writing: 0 };
        for (const { row } of tiles) {
            this.counts[boxOf(row)]++;
        }
    }

    // Starts the dots of the messages.
    follow(busy, newMessage) {
        if (newMessage) {
            const publisher = [...this.tiles.values()].findLast(
                ({ row }) => row.role === "publisher" && row.place === null);
            this.messages.publish(this.layout, publisher);
        }
        this.messages.deliver(this.layout, this.model.store.turns,
            busy.filter(({ place }) => place)
                .map(({ id }) => this.tiles.get(id)));
    }

    // Returns the thread at a point of the canvas, or null.
    at(left, top) {
        const x = left / this.pen.zoom;
        const y = top / this.pen.zoom;
        for (const { row, goal, hidden } of this.tiles.values()) {
            if (!hidden && x >= goal.x - 2 && x <= goal.x + goal.size + 2
                && y >= goal.y - 2 && y <= goal.y + goal.size + 2) {
                return row;
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
        const elapsed = Math.min(64, now - (this.latest ?? now));
        this.latest = now;
        this.pen.clear();
        drawScene(this.pen, this.layout, this.model.store, this.counts);
        const moving = this.moveTiles(elapsed);
        this.drawTiles();
        this.messages.draw(this.pen, now);
        if (moving || this.messages.moving) {
            this.ask();
        } else {
            this.latest = null;
        }
    }

    // Moves each tile towards its goal. Returns true if one has not arrived.
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

    drawTiles() {
        for (const tile of this.tiles.values()) {
            if (!tile.hidden) {
                const { row, x, y, size } = tile;
                this.stamp(kindOf(row), x, y, size);
                this.label(tile);
                if (row.tid === this.poked) {
                    this.pen.use("--problem", "--problem", 4);
                    this.pen.frame(tile);
                }
                if (row.id === this.chosen || this.isNear(row)) {
                    this.pen.use("--ink", "--ink", row.id === this.chosen ? 2 : 0.5);
                    this.pen.frame(tile);
                }
            }
        }
    }

    // Does it hear the same channel as the chosen thread?
    isNear(row) {
        const chosen = this.model.rows.get(this.chosen);
        return Boolean(chosen?.channel) && row.channel === chosen.channel;
    }

    label({ row, x, y, size, label: most }) {
        if (most) {
            this.pen.write(row.role, x + size + 6, y + 11,
                { colour: "--ink", most });
            this.pen.write(row.blocked_in ?? words("threads.runs"), x + size + 6, y + 28,
                { most });
        }
    }

    // Draws the shape of a kind. Each size is drawn once, and then copied.
    stamp(kind, x, y, size) {
        const pixels = Math.max(2, Math.round(size * this.pen.scale));
        const key = kind * 1000 + pixels;
        let stamp = this.stamps.get(key);
        if (!stamp) {
            stamp = document.createElement("canvas");
            stamp.width = stamp.height = pixels;
            drawShape(stamp.getContext("2d"), kind, 0, 0, pixels,
                this.pen.colour(KINDS[kind].colour));
            this.stamps.set(key, stamp);
        }
        this.pen.context.drawImage(stamp, x, y, size, size);
    }
}
