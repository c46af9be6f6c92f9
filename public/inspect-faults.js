// The inspector's buttons for faults on purpose: POST /faults.

import { post } from "./post.js";
import { words } from "./words.js";

const form = document.getElementById("faults");
const alert = document.getElementById("fault-error");
const left = document.getElementById("fault-left");

const LOOK_MS = 1000;

let timer;

async function ask(query) {
    clearTimeout(timer);
    left.textContent = "";
    if (await post(alert, `faults${query}`)) {
        await look();
    }
}

// What is left changes with each stream that is struck, so it is asked anew,
// until nothing is left.
async function look() {
    const text = await readLeft().catch(() => "");
    if (left.textContent !== text) { // a screen reader says each change
        left.textContent = text;
    }
    clearTimeout(timer);
    if (text && text !== words("faults.none")) {
        timer = setTimeout(look, LOOK_MS);
    }
}

async function readLeft() {
    const counts = await (await fetch("faults")).json();
    const some = Object.entries(counts)
        .filter(([name, count]) => name !== "ms" && count > 0)
        .map(([name, count]) => `${count} × ${name}`);
    return some.length > 0
        ? words("faults.left", { faults: some.join(", ") })
        : words("faults.none");
}

form.addEventListener("submit", (event) => {
    event.preventDefault();
    const kind = document.getElementById("kind").value;
    ask(`?${kind}=${document.getElementById("streams").value}`);
});
document.getElementById("calm").addEventListener("click", () => ask(""));
