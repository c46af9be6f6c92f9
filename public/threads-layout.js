// The layout of the picture: a box for each place, and a seat for each thread.

const GAP = 10;
const ARROW = 24; // the room for an arrow between two boxes
const TURNS = 132; // the width of the box of the turns
export const TITLE = 30; // above the tiles of a box
const LABELLED_W = 124; // a tile with its name
const LABELLED_H = 42;
const LARGEST = 34;
const SMALLEST = 3;

// Returns the boxes of a picture with this size, in pixels.
export function boxes(width, height) {
    return width < 640 ? narrow(width, height) : wide(width, height);
}

function wide(width, height) {
    const top = TITLE + 2 * LABELLED_H + 2;
    const low = height - top - GAP;
    const own = Math.round(width * 0.36);
    const store = { x: 0, y: top + GAP, w: Math.round(width * 0.8), h: low };
    const y = store.y + 70;
    const inner = low - 80;
    const list = Math.floor((store.w - 2 * GAP - 2 * ARROW - TURNS) / 2);
    return {
        own: { x: 0, y: 0, w: own, h: top },
        clients: { x: own + GAP, y: 0, w: width - own - GAP, h: top },
        store,
        history: { x: GAP, y: store.y + 34, w: store.w - 2 * GAP, h: 20 },
        idle: { x: GAP, y, w: list, h: inner },
        ready: { x: GAP + list + ARROW, y, w: list, h: inner },
        turn: { x: GAP + 2 * (list + ARROW), y, w: TURNS, h: inner },
        writing: {
            x: store.w + ARROW, y: store.y, w: width - store.w - ARROW, h: low,
        },
    };
}

function narrow(width, height) {
    const inner = width - 2 * GAP;
    const rows = { own: 76 + LABELLED_H, clients: 76 };
    const clientsY = rows.own + GAP;
    const storeY = clientsY + rows.clients + GAP;
    const writing = 78;
    const low = height - storeY - writing - GAP;
    const store = { x: 0, y: storeY, w: width, h: low };
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

function inStore(row) {
    return row.place && row.role !== "viewer";
}

export function boxOf(row) {
    if (inStore(row)) {
        return row.place;
    }
    return ["accept", "signals", "departures", "log", "journal", "broker"]
        .includes(row.role)
        ? "own" : "clients";
}

// Returns the size of the largest tile of which n fit into the box.
function fitting(box, n) {
    const w = box.w - 16;
    const h = Math.max(0, box.h - TITLE - 8); // a strip has no room at all
    let size = Math.max(SMALLEST,
        Math.min(LARGEST, Math.sqrt(w * h / Math.max(1, n))));
    while (size > SMALLEST && Math.floor(w / size) * Math.floor(h / size) < n) {
        size -= 0.25;
    }
    return size > 6 ? Math.floor(size) : size; // whole pixels look sharp
}

// Sets the goal of each tile: x, y and size. In `idle` and `ready` all tiles
// have one size, and a tile has the same seat in both. So only a thread that is
// woken moves.
export function place(tiles, layout) {
    const groups = group(tiles);
    const subscribers = tiles.filter(({ row }) => inStore(row));
    const common = Math.min(fitting(layout.idle, subscribers.length),
        fitting(layout.ready, subscribers.length));
    const seats = new Map(subscribers.map((tile, seat) => [tile, seat]));
    for (const [name, members] of groups) {
        const box = layout[name];
        if (name === "own" || name === "clients" && fitLabelled(members, box)) {
            placeLabelled(members, box);
            continue;
        }
        const seated = ["idle", "ready"].includes(name);
        const size = seated ? common : fitting(box, members.length);
        const top = name === "turn" ? TITLE + 24 : TITLE;
        members.forEach((tile, i) => {
            seat(tile, seated ? seats.get(tile) : i, box, top, size);
        });
    }
}

function seat(tile, i, box, top, size) {
    const columns = Math.max(1, Math.floor((box.w - 16) / size));
    const gap = Math.max(1, Math.round(Math.min(4, size / 5)));
    tile.goal = {
        x: box.x + 8 + (i % columns) * size,
        y: box.y + top + Math.floor(i / columns) * size,
        size: size - gap,
    };
    tile.hidden = tile.goal.y + tile.goal.size > box.y + box.h;
    tile.label = 0;
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

// Is there room for the names of the threads?
function fitLabelled(members, box) {
    const rows = Math.floor((box.h - TITLE) / LABELLED_H);
    return members.length <= perRow(box) * rows;
}

function perRow(box) {
    return Math.max(3, Math.floor((box.w - 16) / LABELLED_W));
}

function placeLabelled(members, box) {
    const columns = perRow(box);
    const step = (box.w - 16) / columns;
    const size = step < 110 ? 16 : 24;
    members.forEach((tile, i) => {
        tile.goal = {
            x: box.x + 9 + (i % columns) * step,
            y: box.y + TITLE + 4 + Math.floor(i / columns) * LABELLED_H,
            size,
        };
        tile.label = step - size - 8; // the greatest width of the name
        tile.hidden = tile.goal.y + size > box.y + box.h;
    });
}
