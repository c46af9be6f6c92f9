// Draws the shapes of the kinds (threads-calls.js), on the tiles and in the
// legend.

import { KINDS } from "./threads-calls.js";

// Fills the square at x, y with the shape of a kind.
export function drawShape(context, kind, x, y, size, colour) {
    const r = size / 2;
    const cx = x + r;
    const cy = y + r;
    context.fillStyle = context.strokeStyle = colour;
    context.lineWidth = Math.max(1.5, size / 5);
    context.beginPath();
    switch (KINDS[kind].shape) {
    case "square":
        context.rect(cx - r * 0.84, cy - r * 0.84, size * 0.84, size * 0.84);
        break;
    case "circle":
        context.arc(cx, cy, r, 0, 2 * Math.PI);
        break;
    case "triangle":
        context.moveTo(x, y);
        context.lineTo(x + size, cy);
        context.lineTo(x, y + size);
        break;
    case "diamond":
        context.moveTo(cx, y);
        context.lineTo(x + size, cy);
        context.lineTo(cx, y + size);
        context.lineTo(x, cy);
        break;
    case "bar":
        context.rect(x, cy - size * 0.25, size, size * 0.5);
        break;
    case "cross":
        context.moveTo(x, y);
        context.lineTo(x + size, y + size);
        context.moveTo(x + size, y);
        context.lineTo(x, y + size);
        context.stroke();
        return;
    case "ring":
        context.arc(cx, cy, r - context.lineWidth / 2, 0, 2 * Math.PI);
        context.stroke();
        return;
    }
    context.fill();
}
