// The inspector's buttons for faults on purpose: POST /faults.

import { post } from "./post.js";

const form = document.getElementById("faults");
const alert = document.getElementById("fault-error");
const left = document.getElementById("fault-left");

// What is left changes with each stream that is struck, so it is asked anew.
async function ask(query) {
    left.textContent = "";
    if (await post(alert, `faults${query}`)) {
        const counts = await (await fetch("faults")).json();
        const some = Object.entries(counts)
            .filter(([name, count]) => name !== "ms" && count > 0)
            .map(([name, count]) => `${count} × ${name}`);
        left.textContent = `To come: ${some.join(", ") || "no faults"}.`;
    }
}

form.addEventListener("submit", (event) => {
    event.preventDefault();
    const kind = document.getElementById("kind").value;
    ask(`?${kind}=${document.getElementById("streams").value}`);
});
document.getElementById("calm").addEventListener("click", () => ask(""));
