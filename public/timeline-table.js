// The way of a message as a table, for readers who cannot see the picture.

import { length } from "./timeline-words.js";
import { words } from "./words.js";

const ROWS = 100; // the most rows of the table

const table = document.getElementById("table");
const more = document.getElementById("more");

// `way` is as Timeline.way returns it.
export function fillTable(message, way, now) {
    if (!table.open) {
        return;
    }
    const after = (us) => us === null || us === undefined
        ? "" : length(us - message.at);
    table.querySelector("tbody").replaceChildren(
        ...way.slice(0, ROWS).map(({ row, wake, has, written }) => {
            const line = document.createElement("tr");
            for (const text of [row.tid, wake?.from ?? "", after(wake?.at),
                after(wake?.until), after(has), after(written ?? now)]) {
                line.insertCell().textContent = text;
            }
            return line;
        }));
    more.textContent = way.length > ROWS
        ? words("threads.table.more", { count: way.length - ROWS }) : "";
}
