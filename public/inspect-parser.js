// Reads a text/event-stream as the standard says (WHATWG HTML, 9.2.6), but
// tells more than an EventSource does: comments, retry, events without data.

export class Parser {
    #on;
    #rest = "";
    #started = false;
    #event = {};

    // on(event) is called for each block: { name, id, retry, data, comments },
    // where what the block does not have is undefined.
    constructor(on) {
        this.#on = on;
    }

    // Takes the next piece of the text, which may end anywhere.
    add(text) {
        this.#rest += text;
        if (!this.#started && this.#rest) {
            this.#started = true;
            this.#rest = this.#rest.replace(/^\uFEFF/, "");
        }
        // A CR at the end may be half of a CR LF.
        const lines = this.#rest.split(/\r\n|\n|\r(?!$)/);
        this.#rest = lines.pop();
        lines.forEach((line) => this.#line(line));
    }

    #line(line) {
        if (line === "") {
            if (Object.keys(this.#event).length > 0) {
                this.#on(this.#event);
            }
            this.#event = {};
            return;
        }
        const colon = line.indexOf(":");
        const name = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
        this.#field(name, value);
    }

    #field(name, value) {
        const event = this.#event;
        if (name === "") {
            event.comments = [...event.comments ?? [], value];
        } else if (name === "data") {
            event.data = event.data === undefined
                ? value : `${event.data}\n${value}`;
        } else if (name === "event") {
            event.name = value;
        } else if (name === "id" && !value.includes("\0")) {
            event.id = value;
        } else if (name === "retry" && /^[0-9]+$/.test(value)) {
            event.retry = Number(value);
        }
    }
}
