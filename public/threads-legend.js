// The legend: what each shape means, and how many threads have it.

import { KINDS, kindOf } from "./threads-calls.js";
import { drawShape } from "./threads-shapes.js";
import { number, words } from "./words.js";

const SIZE = 32; // twice the size in threads.css, for dense screens
const EDGE = 3;

export class Legend {
    #items;

    constructor(list) {
        this.#items = KINDS.map(createItem);
        list.append(...this.#items.map(({ item }) => item));
        this.#draw();
        matchMedia("(prefers-color-scheme: dark)")
            .addEventListener("change", () => this.#draw());
    }

    #draw() {
        const style = getComputedStyle(document.documentElement);
        this.#items.forEach(({ icon }, kind) => {
            const context = icon.getContext("2d");
            context.clearRect(0, 0, SIZE, SIZE);
            drawShape(context, kind, EDGE, EDGE, SIZE - 2 * EDGE,
                style.getPropertyValue(KINDS[kind].colour));
        });
    }

    show(rows) {
        const counts = KINDS.map(() => 0);
        for (const row of rows) {
            counts[kindOf(row)]++;
        }
        this.#items.forEach(({ count }, kind) => {
            count.textContent = number(counts[kind]);
        });
    }
}

function createItem({ name, named, means }) {
    const item = document.createElement("li");
    const icon = document.createElement("canvas");
    const count = document.createElement("b");
    const call = document.createElement(name ? "code" : "span");
    const meaning = document.createElement("span");
    icon.width = icon.height = SIZE;
    icon.setAttribute("aria-hidden", "true");
    count.textContent = "0";
    call.textContent = name ?? words(named);
    meaning.textContent = words(means);
    item.append(icon, count, call, meaning);
    return { item, icon, count };
}
