// The pen that all parts of the picture draw with. It has the context of the
// canvas, the colours of the page, and letters that are large enough to be read
// from the last row of a class.

const LARGE = 20; // the pixels of a rem on a wall of 1280 x 720

// On a larger wall the letters of the page grow (wall.css), and a picture, too.
function enlargement() {
    const { fontSize } = getComputedStyle(document.documentElement);
    return Math.max(1, parseFloat(fontSize) / LARGE);
}

export class Pen {
    #style;
    #colours = new Map();
    #zoom;

    // Everything is drawn `zoom` times as large as on a page.
    constructor(canvas, zoom = 1) {
        this.canvas = canvas;
        this.#zoom = this.zoom = zoom;
        this.context = canvas.getContext("2d");
        this.#recolour();
    }

    // Calls resized() when the canvas has another size, and recoloured() when the
    // page has other colours.
    watch(resized, recoloured) {
        new ResizeObserver(resized).observe(this.canvas);
        matchMedia("(prefers-color-scheme: dark)")
            .addEventListener("change", () => {
                this.#recolour();
                recoloured();
            });
    }

    #recolour() {
        this.#style = getComputedStyle(document.documentElement);
        this.#colours.clear();
    }

    // How many pixels of the screen a pixel of the picture is wide.
    get scale() {
        return devicePixelRatio * this.zoom;
    }

    // Fits the canvas to its size on the page, and returns the picture's size.
    resize() {
        this.zoom = this.#zoom * enlargement();
        const { width, height } = this.canvas.getBoundingClientRect();
        this.canvas.width = Math.round(width * devicePixelRatio);
        this.canvas.height = Math.round(height * devicePixelRatio);
        this.context.setTransform(this.scale, 0, 0, this.scale, 0, 0);
        this.letters = Math.min(18, Math.max(13, width / this.zoom / 75));
        return { width: width / this.zoom, height: height / this.zoom };
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

    // Sets the colours of the next shapes.
    use(fill, stroke = fill, lineWidth = 1) {
        this.context.fillStyle = this.colour(fill);
        this.context.strokeStyle = this.colour(stroke);
        this.context.lineWidth = lineWidth;
    }

    // Outlines a tile.
    frame({ x, y, size }) {
        this.context.strokeRect(x - 2, y - 2, size + 4, size + 4);
    }

    #font(bold) {
        this.context.font =
            `${bold ? 600 : 400} ${this.letters}px system-ui, sans-serif`;
    }

    width(text, bold = false) {
        this.#font(bold);
        return this.context.measureText(text).width;
    }

    // Writes on the line y. The text begins at x, or ends there if `end` is
    // set. A text that is wider than `most` is made narrower.
    write(text, x, y,
        { colour = "--muted", bold = false, end = false, most } = {}) {
        const { context } = this;
        this.#font(bold);
        context.textAlign = end ? "right" : "left";
        context.fillStyle = this.colour(colour);
        context.fillText(text, x, y, most);
    }

    // Returns the title, or its first part if there is no room for all of it:
    // "writing, no lock held" becomes "writing".
    cut(title, room) {
        return this.width(title) <= room ? title : title.split(/[:;,]/)[0];
    }
}
