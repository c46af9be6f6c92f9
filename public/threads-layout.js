// Where everything stands: boxes for the places, and a slot for each thread.

const GAP = 10;
const ARROW = 24; // between the boxes that a thread goes through
const TITLE = 30; // above the tiles of a box
const LARGEST = 34;
const SMALLEST = 3;

// The boxes of a picture of that size, in pixels.
export function boxes(width, height) {
    return width < 640 ? narrow(width, height) : wide(width, height);
}

function wide(width, height) {
    const top = Math.max(84, height * 0.2);
    const low = height - top - GAP;
    const store = { x: 0, y: top + GAP, w: width * 0.8, h: low };
    const inner = low - 80;
    const y = store.y + 70;
    const list = (store.w - 2 * GAP - 2 * ARROW - 112) / 2;
    return {
        own: { x: 0, y: 0, w: width * 0.44, h: top },
        clients: { x: width * 0.44 + GAP, y: 0, w: width * 0.56 - GAP, h: top },
        store,
        history: { x: GAP, y: store.y + 34, w: store.w - 2 * GAP, h: 20 },
        idle: { x: GAP, y, w: list, h: inner },
        ready: { x: GAP + list + ARROW, y, w: list, h: inner },
        turn: { x: GAP + 2 * (list + ARROW), y, w: 112, h: inner },
        writing: {
            x: store.w + ARROW, y: store.y, w: width - store.w - ARROW, h: low,
        },
    };
}

function narrow(width, height) {
    const inner = width - 2 * GAP;
    const rows = { own: 66, clients: 72 };
    const clientsY = rows.own + GAP;
    const storeY = clientsY + rows.clients + GAP;
    const writing = 78;
    const store = { x: 0, y: storeY, w: width, h: height - storeY - writing - GAP };
    const list = (store.h - 60 - 72 - 3 * GAP) / 2;
    const y = storeY + 60;
    return {
        own: { x: 0, y: 0, w: width, h: rows.own },
        clients: { x: 0, y: clientsY, w: width, h: rows.clients },
        store,
        history: { x: GAP, y: storeY + 32, w: inner, h: 18 },
        idle: { x: GAP, y, w: inner, h: list },
        ready: { x: GAP, y: y + list + GAP, w: inner, h: list },
        turn: { x: GAP, y: y + 2 * (list + GAP), w: inner, h: 72 },
        writing: { x: 0, y: height - writing, w: width, h: writing },
    };
}

export function boxOf(row) {
    if (row.place && row.role !== "viewer") {
        return row.place;
    }
    return ["accept", "signals", "departures"].includes(row.role)
        ? "own" : "clients";
}

// The largest tile of which n fit into the box.
function fitting(box, n) {
    const w = box.w - 16;
    const h = box.h - TITLE - 8;
    let size = Math.min(LARGEST, Math.sqrt(w * h / Math.max(1, n)));
    while (size > SMALLEST && Math.floor(w / size) * Math.floor(h / size) < n) {
        size -= 0.25;
    }
    return size;
}

// Sets x, y and size of each tile's goal. In the store all tiles have one size,
// so that they do not swell as they move; who is stuck outside is to be seen.
export function place(tiles, layout) {
    const groups = group(tiles);
    const subscribers = tiles.filter(({ row }) => row.place).length;
    const common = Math.min(fitting(layout.idle, subscribers),
        fitting(layout.ready, subscribers));
    for (const [name, members] of groups) {
        if (name === "own") {
            placeOwn(members, layout.own);
            continue;
        }
        const box = layout[name];
        const size = ["clients", "writing"].includes(name)
            ? fitting(box, members.length) : common;
        const columns = Math.max(1, Math.floor((box.w - 16) / size));
        const top = name === "turn" ? TITLE + 32 : TITLE;
        members.forEach((tile, i) => {
            tile.goal = {
                x: box.x + 8 + (i % columns) * size,
                y: box.y + top + Math.floor(i / columns) * size,
                size: size - Math.min(4, size / 5),
            };
            tile.hidden = tile.goal.y + tile.goal.size > box.y + box.h;
        });
    }
}

function group(tiles) {
    const groups = new Map();
    for (const tile of tiles) {
        const name = boxOf(tile.row);
        if (!groups.has(name)) {
            groups.set(name, []);
        }
        groups.get(name).push(tile);
    }
    return groups;
}

function placeOwn(members, box) {
    const step = (box.w - 16) / 3;
    members.forEach((tile, i) => {
        tile.goal = { x: box.x + 10 + i * step, y: box.y + TITLE + 8, size: 22 };
        tile.hidden = false;
    });
}
