// The part of the timeline that is to be seen: from when to when, and which
// rows. Knows nothing of drawing.

const LEAST_US = 20;
const MOST_US = 120e6;
const ROW_MOST = 26; // pixels

export class Window {
    from = 0;
    to = 10e6;
    rowScale = 1; // 1: all rows fit
    firstRow = 0;

    get length() {
        return this.to - this.from;
    }

    show(from, to) {
        const length = Math.min(MOST_US, Math.max(LEAST_US, to - from));
        this.from = from;
        this.to = from + length;
    }

    // Shows `factor` times as much; the moment at this share of the width stays.
    zoom(factor, share = 0.5) {
        const at = this.from + this.length * share;
        const length = Math.min(MOST_US,
            Math.max(LEAST_US, this.length * factor));
        this.from = at - length * share;
        this.to = this.from + length;
    }

    // Moves by this share of the width.
    move(share) {
        const by = this.length * share;
        this.from += by;
        this.to += by;
    }

    // The height of one of n rows, in a picture that has so many pixels.
    rowHeight(n, pixels) {
        return Math.min(ROW_MOST,
            pixels / Math.max(1, n) * this.rowScale);
    }

    // How many rows there is room for.
    rowsThatFit(n, pixels) {
        return Math.max(1, Math.floor(pixels / this.rowHeight(n, pixels)));
    }

    scaleRows(factor) {
        this.rowScale = Math.max(1, this.rowScale * factor);
    }

    // Keeps the first row within all n rows, and row `seen` in the window.
    clampRows(n, pixels, seen = -1) {
        const fit = this.rowsThatFit(n, pixels);
        if (seen >= 0 && seen < this.firstRow) {
            this.firstRow = seen;
        }
        if (seen >= this.firstRow + fit) {
            this.firstRow = seen - fit + 1;
        }
        this.firstRow = Math.max(0, Math.min(this.firstRow, n - fit));
    }
}

// Returns a round number of microseconds, so that there are some marks, but not
// more than `most`, in this length.
export function tick(length, most) {
    const least = length / most;
    const power = 10 ** Math.floor(Math.log10(least));
    return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= least);
}
