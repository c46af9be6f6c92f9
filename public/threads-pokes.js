// The pokes: buttons that do to the server what lectures only tell. Everybody
// who looks sees what was poked, and by whom.

import { post, postMessage } from "./post.js";
import { words } from "./words.js";

const LATER_MS = 300; // until the poked server gets a message, too

const group = document.getElementById("pokes");
const told = document.getElementById("poked");
const problem = document.getElementById("problem");

// What the reader is told of each kind.
const TOLD = {
    spurious: "poke.told.spurious", stall: "poke.told.stall",
    vanish: "poke.told.vanish", herd: "poke.told.herd", lock: "poke.told.lock",
};

export class Pokes {
    #picture;
    #chosen;

    // chosen() returns the row that the reader has chosen, or undefined.
    constructor(picture, chosen) {
        this.#picture = picture;
        this.#chosen = chosen;
        group.addEventListener("click", ({ target: { value } }) => {
            if (value) {
                this.#poke(value);
            }
        });
    }

    async #poke(kind) {
        const row = this.#chosen();
        const which = kind === "spurious" && row?.place ? `=${row.tid}` : "";
        const poked = post(problem, `poke?${kind}${which}`);
        if (kind === "lock") { // a publisher comes while the mutex is held
            setTimeout(() => this.#say(), LATER_MS);
        } else if (kind === "herd" && await poked) {
            this.#say();
        }
    }

    #say() {
        postMessage(problem, words("poke.message"));
    }

    // Shows the latest poke, as the server tells it.
    show({ classroom, poke }) {
        group.hidden = !classroom;
        this.#picture.poked = poke?.thread || null;
        const text = poke ? words(TOLD[poke.kind],
            { tid: String(poke.thread), by: poke.by }) : "";
        if (told.textContent !== text) {
            told.textContent = text;
        }
    }
}
