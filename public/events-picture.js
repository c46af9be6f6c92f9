// Draws a server under load: its threads as tiles, by the shapes of the thread
// view, and the connections as dots.

import { KINDS, kindOf } from "./threads-calls.js";
import { Pen } from "./threads-pen.js";
import { drawShape } from "./threads-shapes.js";

const SLEEPS = kindOf({ blocked_in: "pthread_cond_wait" });
const RUNS = kindOf({ blocked_in: null });
const WAITS = kindOf({ blocked_in: "epoll_wait" });
const LARGEST = 26;

export class Picture {
    #pen;
    #told = null; // { threads, awake, connections }

    constructor(canvas) {
        this.#pen = new Pen(canvas);
        this.#pen.watch(() => this.#resize(), () => this.#draw());
    }

    show(told) {
        this.#told = told;
        this.#draw();
    }

    #resize() {
        this.size = this.#pen.resize();
        this.#draw();
    }

    #draw() {
        if (!this.size || !this.#told) {
            return;
        }
        const { threads, awake, connections } = this.#told;
        const tile = threads === 1 ? 56 : 0;
        this.#pen.clear();
        if (tile) {
            this.#shape(awake ? RUNS : WAITS, 4, this.size.height / 2 - tile / 2,
                tile);
            this.#grid(connections, tile + 24, (x, y, size) =>
                this.#dot(x, y, size));
        } else {
            this.#grid(threads, 0, (x, y, size, i) =>
                this.#shape(i < awake ? RUNS : SLEEPS, x, y, size));
        }
    }

    // Calls draw(x, y, size, i) for n seats of one size, right of `left`.
    #grid(n, left, draw) {
        const { width, height } = this.size;
        const w = width - left;
        let size = Math.min(LARGEST, Math.sqrt(w * height / Math.max(1, n)));
        while (Math.floor(w / size) * Math.floor(height / size) < n) {
            size *= 0.98;
        }
        const columns = Math.floor(w / size);
        for (let i = 0; i < n; i++) {
            draw(left + i % columns * size, Math.floor(i / columns) * size,
                size * 0.8, i);
        }
    }

    #shape(shape, x, y, size) {
        drawShape(this.#pen.context, shape, x, y, size,
            this.#pen.colour(KINDS[shape].colour));
    }

    #dot(x, y, size) {
        const { context } = this.#pen;
        this.#pen.use("--series-4");
        context.beginPath();
        context.arc(x + size / 2, y + size / 2, size / 2.6, 0, 2 * Math.PI);
        context.fill();
    }
}
