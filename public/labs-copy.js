// The commands of a lab: where to type each, and a button that copies it.

import { words } from "./words.js";

// A browser has a clipboard for pages only on https and on localhost. Phones
// that come by an address have to copy what is selected.
async function copy(code) {
    try {
        await navigator.clipboard.writeText(code.textContent);
        return true;
    } catch {
        getSelection().selectAllChildren(code);
        return document.execCommand("copy");
    }
}

// The server runs in a terminal of its own. Whoever types its command where the
// others are typed waits for ever.
export function nameTerminals(element) {
    for (const command of element.querySelectorAll(".command")) {
        const server = /^make run\b/.test(command.textContent);
        const name = document.createElement("p");
        name.className = "terminal";
        name.textContent =
            words(server ? "labs.terminal.server" : "labs.terminal.yours");
        if (command.previousElementSibling?.dataset.server !== `${server}`) {
            command.before(name);
        }
        command.dataset.server = server;
    }
}

export function addCopyButtons(element) {
    for (const command of element.querySelectorAll(".command")) {
        const code = command.querySelector("code");
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = words("labs.copy");
        button.setAttribute("aria-label",
            words("labs.copy.what", { command: code.textContent }));
        button.addEventListener("click", async () => {
            const done = await copy(code);
            button.textContent =
                words(done ? "labs.copied" : "labs.selected");
            button.setAttribute("aria-label", button.textContent);
        });
        command.append(button);
    }
}
