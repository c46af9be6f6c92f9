// What all parts of the picture draw with: the canvas's context, the page's
// colours, and letters that are read from the last row.

export class Pen {
    #style;
    #colours = new Map();

    constructor(canvas) {
        this.canvas = canvas;
        this.context = canvas.getContext("2d");
        this.recolour();
    }

    // The page has changed its colours.
    recolour() {
        this.#style = getComputedStyle(document.documentElement);
        this.#colours.clear();
    }

    // Fits the canvas to its place in the page. Returns its size in CSS pixels.
    resize() {
        const { width, height } = this.canvas.getBoundingClientRect();
        const scale = devicePixelRatio;
        this.canvas.width = Math.round(width * scale);
        this.canvas.height = Math.round(height * scale);
        this.context.setTransform(scale, 0, 0, scale, 0, 0);
        this.letters = Math.min(18, Math.max(13, width / 75));
        return { width, height };
    }

    clear() {
        this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    }

    colour(name) {
        if (!this.#colours.has(name)) {
            this.#colours.set(name, this.#style.getPropertyValue(name));
        }
        return this.#colours.get(name);
    }

    // Sets what is filled and outlined from now on.
    use(fill, stroke = fill, lineWidth = 1) {
        this.context.fillStyle = this.colour(fill);
        this.context.strokeStyle = this.colour(stroke);
        this.context.lineWidth = lineWidth;
    }

    #font(bold) {
        this.context.font =
            `${bold ? 600 : 400} ${this.letters}px system-ui, sans-serif`;
    }

    width(text, bold = false) {
        this.#font(bold);
        return this.context.measureText(text).width;
    }

    // Writes so that the text begins at x, or ends there, and stands on y. What
    // is wider than `most` is squeezed.
    write(text, x, y,
        { colour = "--muted", bold = false, end = false, most } = {}) {
        const { context } = this;
        this.#font(bold);
        context.textAlign = end ? "right" : "left";
        context.fillStyle = this.colour(colour);
        context.fillText(text, x, y, most);
    }

    // As much of a title as there is room for: "writing, …" becomes "writing".
    cut(title, room) {
        return this.width(title) <= room ? title : title.split(/[:,]/)[0];
    }
}
