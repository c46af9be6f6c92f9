// How the timeline says times and states in words.

import { meaning } from "./threads-calls.js";
import { words } from "./words.js";

const UNITS = [[1e6, "unit.seconds"], [1e3, "unit.ms"], [1, "unit.us"]];

// A moment on an axis whose marks are `step` microseconds apart.
export function moment(us, step) {
    const [size, unit] = UNITS.find(([n]) => step >= n) ?? UNITS[2];
    return words(unit, { count: Math.round(us / size) || 0 });
}

// How long something took, with three digits.
export function length(us) {
    if (us === null || us === undefined) {
        return "–";
    }
    const [size, unit] = UNITS.find(([n]) => Math.abs(us) >= n) ?? UNITS[2];
    return words(unit, { count: String(Number((us / size).toPrecision(3))) });
}

export function describeRow({ role, tid }, segment, now) {
    if (!segment) {
        return words("timeline.row", { role, tid: String(tid) });
    }
    const { call } = segment;
    return words(call ? "timeline.told.call" : "timeline.told", {
        role, tid: String(tid), means: words(meaning({ blocked_in: call })),
        call, time: length((segment.to ?? now) - segment.from),
    });
}

// The whole way of a message, in a sentence.
export function describeWay(message, way, now) {
    const has = way.map((stop) => stop.has).filter(Number.isFinite);
    const written = way.map((stop) => stop.written ?? now);
    if (has.length === 0) {
        return words("timeline.way.none", { id: message.id,
            tid: String(message.by) });
    }
    return words("timeline.way", {
        id: message.id, tid: String(message.by), count: has.length,
        first: length(Math.min(...has) - message.at),
        last: length(Math.max(...has) - message.at),
        done: length(Math.max(...written) - message.at),
    });
}
