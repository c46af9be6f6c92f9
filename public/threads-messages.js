// Draws messages as dots. A dot flies from the publisher into the history, or
// from the turns out to the sockets. The server tells only which threads were
// sent a message since the look before. So at full speed the dots are a replay
// of some of the deliveries.

import { turnToken } from "./threads-scene.js";
import { TITLE } from "./threads-layout.js";

const FLIGHT_MS = 700;
const SAMPLE = 80; // the most deliveries that are shown of one look
const MOST_DOTS = 3 * SAMPLE;
const RADIUS = 5;

export class Messages {
    #dots = [];
    #lit = new Map(); // from a tile that got its message to the end of its mark

    get moving() {
        return this.#dots.length > 0 || this.#lit.size > 0;
    }

    // A message was published. `from` is the publisher's tile, if known.
    publish({ clients, history }, from) {
        this.#fly(from ?? centre(clients),
            { x: history.x + history.w - 12, y: history.y + 10 }, 0);
    }

    // These tiles were sent a message.
    deliver({ turn, writing }, turns, tiles) {
        const below = writing.y > turn.y + turn.h;
        const sample = evenly(tiles, SAMPLE);
        sample.forEach((tile, i) => {
            const share = (i * 7 % 16 + 0.5) / 16;
            const to = below
                ? { x: writing.w * share, y: writing.y + writing.h - 8 }
                : { x: writing.x + writing.w - 8,
                    y: writing.y + TITLE + (writing.h - TITLE) * share };
            this.#fly(turnToken(turn, turns, i), to, FLIGHT_MS * 0.6 + i * 12,
                tile);
        });
    }

    #fly(from, to, delay, tile) {
        if (this.#dots.length < MOST_DOTS) {
            const start = performance.now() + delay;
            this.#dots.push({ from, to, start, tile });
        }
    }

    draw(pen, now) {
        const { context } = pen;
        pen.use("--brass", "--ink");
        this.#dots = this.#dots.filter(({ from, to, start, tile }) => {
            const share = (now - start) / FLIGHT_MS;
            if (share > 0 && share < 1) {
                const eased = share * share * (3 - 2 * share);
                context.beginPath();
                context.arc(from.x + (to.x - from.x) * eased,
                    from.y + (to.y - from.y) * eased, RADIUS, 0, 2 * Math.PI);
                context.fill();
                context.stroke();
            }
            if (share >= 1 && tile) {
                this.#lit.set(tile, now + FLIGHT_MS);
            }
            return share < 1;
        });
        this.#light(pen, now);
    }

    #light(pen, now) {
        pen.use("--brass", "--brass", 2);
        for (const [tile, until] of this.#lit) {
            if (now > until) {
                this.#lit.delete(tile);
            } else if (!tile.hidden) {
                pen.frame(tile);
            }
        }
    }
}

// Returns at most `most` of the elements, evenly spread.
function evenly(all, most) {
    const n = Math.min(all.length, most);
    return Array.from({ length: n }, (_, i) =>
        all[Math.floor(i * all.length / n)]);
}

function centre({ x, y, w, h }) {
    return { x: x + w / 2, y: y + h / 2 };
}
