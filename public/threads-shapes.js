// Draws the shapes of the kinds (threads-calls.js), on the tiles and in the
// legend.

import { KINDS } from "./threads-calls.js";

// Each adds the lines of a shape to the path, in a square of a size at x, y.
const SHAPES = {
    square(context, x, y, size) {
        const edge = size * 0.08;
        context.rect(x + edge, y + edge, size - 2 * edge, size - 2 * edge);
    },
    circle(context, x, y, size) {
        const r = size / 2;
        context.arc(x + r, y + r, r, 0, 2 * Math.PI);
    },
    triangle(context, x, y, size) {
        context.moveTo(x, y);
        context.lineTo(x + size, y + size / 2);
        context.lineTo(x, y + size);
    },
    diamond(context, x, y, size) {
        const r = size / 2;
        context.moveTo(x + r, y);
        context.lineTo(x + size, y + r);
        context.lineTo(x + r, y + size);
        context.lineTo(x, y + r);
    },
    bar(context, x, y, size) {
        context.rect(x, y + size * 0.25, size, size * 0.5);
    },
    cross(context, x, y, size) {
        context.moveTo(x, y);
        context.lineTo(x + size, y + size);
        context.moveTo(x + size, y);
        context.lineTo(x, y + size);
    },
    ring(context, x, y, size) {
        const r = size / 2;
        context.arc(x + r, y + r, r - context.lineWidth / 2, 0, 2 * Math.PI);
    },
};
const OUTLINES = ["cross", "ring"]; // these are not filled

export function drawShape(context, kind, x, y, size, colour) {
    const { shape } = KINDS[kind];
    context.fillStyle = context.strokeStyle = colour;
    context.lineWidth = Math.max(1.5, size / 5);
    context.beginPath();
    SHAPES[shape](context, x, y, size);
    if (OUTLINES.includes(shape)) {
        context.stroke();
    } else {
        context.fill();
    }
}
