// What was posted, what each subscriber got, and whether the two agree: no
// hole that no gap told of, nothing twice, nothing out of order, each text the
// one that was acknowledged.

// "1744353420000-1" is the millisecond, and a number within it.
export function compareIds(a, b) {
    const [ms, n = 0] = a.split("-").map(Number);
    const [otherMs, otherN = 0] = b.split("-").map(Number);
    return ms - otherMs || n - otherN;
}

// Takes a stream's bytes, and calls block() for each event with its fields.
export class EventParser {
    #rest = "";
    #block;

    constructor(block) {
        this.#block = block;
    }

    feed(text) {
        const blocks = (this.#rest + text).split("\n\n");
        this.#rest = blocks.pop();
        for (const block of blocks) {
            this.#block(Object.fromEntries(block.split("\n")
                .filter((line) => line && !line.startsWith(":"))
                .map((line) => line.split(/: (.*)/s).slice(0, 2))));
        }
    }
}

// What one subscriber has received, over all its connections.
export class Record {
    faults = [];
    entries = []; // { id, data } or { gap: { after, oldest } }
    last = null; // the client's last id, as an EventSource keeps it
    gaps = 0;
    expected = null; // the oldest id of a gap comes next

    constructor(name) {
        this.name = name;
    }

    get messages() {
        return this.entries.length - this.gaps;
    }

    // One event, as EventParser has it.
    take({ event, id, data }) {
        if (event === "gap") {
            this.#takeGap(JSON.parse(data));
        } else if (data !== undefined) {
            this.#takeMessage(id, data);
        } else if (id !== undefined) {
            this.#begin(id);
        }
    }

    #fault(text) {
        this.faults.push(`${this.name}: ${text}`);
    }

    // A stream begins with the id after which it begins.
    #begin(id) {
        if (this.last !== null && id !== this.last) {
            this.#fault(`came with ${this.last}, and it began at ${id}`);
        }
        if (this.last === null) {
            this.first = id;
        }
        this.last = id;
    }

    #takeGap(gap) {
        if (gap.after !== this.last) {
            this.#fault(`had ${this.last}, told of a gap after ${gap.after}`);
        }
        this.gaps++;
        this.entries.push({ gap });
        this.expected = gap.oldest;
    }

    #takeMessage(id, data) {
        if (this.expected !== null && this.expected !== id) {
            this.#fault(`${id} after a gap up to ${this.expected}`);
        }
        this.expected = null;
        this.entries.push({ id, data });
        this.last = id;
    }
}

export class Ledger {
    #posted = new Map(); // text -> what the server answered, or null
    #refused = new Set(); // texts
    #records = [];
    #foreign;

    // With `foreign`, others post, too; of theirs only the order is known.
    constructor({ foreign = false } = {}) {
        this.#foreign = foreign;
    }

    record(name) {
        const record = new Record(name);
        this.#records.push(record);
        return record;
    }

    post(text) {
        this.#posted.set(text, null);
    }

    acknowledge(text, json) {
        this.#posted.set(text, json);
    }

    // Answered, but not by 200.
    refuse(text) {
        this.#refused.add(text);
    }

    get acknowledged() {
        return [...this.#posted.values()].filter((json) => json !== null);
    }

    // All faults, as lines of text.
    check() {
        const faults = this.#records.flatMap(({ faults }) => faults);
        const data = new Map(); // id -> what everybody must have got
        for (const { name, entries } of this.#records) {
            for (const { id, data: mine } of entries) {
                if (id !== undefined && data.has(id) && data.get(id) !== mine) {
                    faults.push(`${name}: ${id} has another text`);
                }
                data.set(id, mine);
            }
        }
        data.delete(undefined); // of gaps
        faults.push(...this.#checkTexts(data));
        const order = [...data.keys()].sort(compareIds);
        for (const record of this.#records) {
            faults.push(...checkOrder(record, order));
        }
        return faults;
    }

    #checkTexts(data) {
        const faults = [];
        const seen = new Set();
        for (const [id, json] of data) {
            const { text } = JSON.parse(json);
            if (!this.#posted.has(text)) {
                if (!this.#foreign) {
                    faults.push(`${id}: nobody posted '${text}'`);
                }
                continue;
            }
            const answer = this.#posted.get(text);
            if (seen.has(text)) {
                faults.push(`${id}: '${text}' was published twice`);
            }
            seen.add(text);
            if (answer !== null && answer !== json) {
                faults.push(`${id}: acknowledged as ${answer}, ` +
                    `sent as ${json}`);
            }
            if (this.#refused.has(text)) {
                faults.push(`${id}: '${text}' was refused, and sent`);
            }
        }
        for (const [text, answer] of this.#posted) {
            if (answer !== null && !seen.has(text)) {
                faults.push(`'${text}' was acknowledged, and heard by nobody`);
            }
        }
        return faults;
    }
}

// The place of the first id in `order` that comes after this one.
function placeAfter(order, id) {
    let low = 0;
    let high = order.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (compareIds(order[middle], id) <= 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

function checkOrder({ name, first, entries }, order) {
    const faults = [];
    const seen = new Set();
    let next = first === undefined ? 0 : placeAfter(order, first);
    let told = false;
    for (const { id, gap } of entries) {
        if (gap) {
            told = true;
            continue;
        }
        const place = placeAfter(order, id) - 1;
        if (seen.has(id)) {
            faults.push(`${name}: ${id} came twice`);
        } else if (place < next) {
            faults.push(`${name}: ${id} came too late`);
        } else if (place > next && !told) {
            faults.push(`${name}: ${place - next} missing before ${id}`);
        } else if (place === next && told) {
            faults.push(`${name}: a gap before ${id}, and nothing is missing`);
        }
        seen.add(id);
        next = Math.max(next, place + 1);
        told = false;
    }
    return faults;
}
