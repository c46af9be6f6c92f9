// A question that is answered before the step that shows the answer. Alone, a
// reader chooses, and sees at once. In class the teacher asks, the phones vote,
// and the wall shows how many have voted, then the votes, then the answer.

import { words } from "./words.js";

const KEPT = "crier-predicted"; // its name in the tab's own storage

// What this tab has answered, or seen the answer of: { "4-1": { asked, choice }}.
// `asked` is the number of the class's vote, or null.
let answers = read();

function read() {
    try {
        return JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
    } catch {
        return {};
    }
}

function keep(question, answer) {
    answers = { ...answers, [question]: answer };
    try {
        sessionStorage.setItem(KEPT, JSON.stringify(answers));
    } catch {
        // a browser that blocks cookies: the page keeps it
    }
}

function make(name, properties = {}, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
}

export class Predict {
    #element;
    #votes;
    #onChange;
    #choices;
    #parts;
    #asked; // the number of the vote, or null

    // `element` is a .predict of public/labs/*.html. onChange() is called when
    // the answer is shown, or no longer.
    constructor(element, votes, onChange) {
        this.#element = element;
        this.#votes = votes;
        this.#onChange = onChange;
        this.question = element.dataset.question;
        this.right = Number(element.dataset.answer);
        this.#build();
        this.update();
    }

    #build() {
        const list = this.#element.querySelector("ol");
        this.#choices = [...list.children].map((item, i) => this.#choice(item, i));
        const ask = make("legend", {}, ...this.#element.querySelectorAll(
            ":scope > p"));
        const fields = make("fieldset", {}, ask, ...this.#choices);
        const submit = make("button", { type: "submit" });
        const said = make("p", { className: "said", role: "status" });
        const form = make("form", {}, fields, submit);
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            this.#answer(Number(new FormData(form).get("choice")));
        });
        const teacher = make("div", { className: "teacher" });
        list.replaceWith(form, said, teacher);
        const why = this.#element.querySelector(".why");
        why.tabIndex = -1;
        this.#parts = { form, submit, said, teacher, why };
    }

    #choice(item, i) {
        const radio = make("input", {
            type: "radio", name: "choice", value: i + 1, required: true,
        });
        const text = make("span", { className: "text" }, ...item.childNodes);
        return make("label", { className: "choice" }, radio,
            make("b", {}, `${i + 1}`), text, make("span", { className: "count" }));
    }

    get #own() {
        const answer = answers[this.question];
        const { asked } = this.#votes.state;
        return !this.#voting || answer?.asked === asked
            ? answer?.choice ?? null : null;
    }

    get #voting() {
        return this.#votes.asks(this.question);
    }

    // Is the answer shown?
    get shown() {
        return this.#voting ? this.#votes.state.shown === "answer"
            : this.question in answers;
    }

    async #answer(choice) {
        const { asked } = this.#votes.state;
        if (!this.#voting) {
            keep(this.question, { asked: null, choice });
        } else if (await this.#votes.vote(this.question, choice)) {
            keep(this.question, { asked, choice });
        }
        this.update();
    }

    // Shows the state of the class's vote, and of this tab's answer.
    update() {
        const { form, submit, said, why, teacher } = this.#parts;
        const { shown } = this;
        const focused = form.contains(document.activeElement);
        this.#begin(form);
        const wall = this.#voting && this.#votes.teaches;
        this.#choices.forEach((choice, i) => this.#mark(choice, i + 1));
        form.classList.toggle("wall", wall);
        form.querySelector("fieldset").disabled = shown;
        submit.hidden = wall || shown;
        submit.textContent =
            words(this.#voting ? "labs.vote" : "labs.answer");
        const text = this.#say(wall);
        if (said.textContent !== text) { // else a screen reader reads it again
            said.textContent = text;
        }
        why.hidden = !shown;
        if (shown && focused) {
            why.focus({ preventScroll: true }); // its place is disabled now
        }
        this.#fill(teacher);
        this.#onChange();
    }

    // A new vote begins without a choice; and who has seen the answer in class
    // has it after the vote, too.
    #begin(form) {
        const asked = this.#voting ? this.#votes.state.asked : null;
        if (asked && asked !== this.#asked) {
            form.reset();
        }
        this.#asked = asked;
        if (this.#voting && this.shown) {
            keep(this.question, { asked, choice: this.#own });
        }
    }

    // Marks a choice: this tab's own, the right one, and its votes.
    #mark(choice, number) {
        const { votes, voters, shown } = this.#votes.state;
        const count = this.#voting ? votes?.[number - 1] : undefined;
        const radio = choice.querySelector("input");
        const right = this.shown && number === this.right;
        if (this.#own === number) {
            radio.checked = true;
        }
        choice.classList.toggle("right", right);
        choice.style.setProperty("--share", count ? count / voters : 0);
        choice.querySelector(".count").textContent = [
            count === undefined ? "" : words("labs.votes", { count }),
            right ? words("labs.right") : "",
            this.shown && this.#own === number ? words("labs.own") : "",
        ].filter(Boolean).join(" · ");
        choice.classList.toggle("counted", shown !== "nothing"
            && count !== undefined);
    }

    #say(wall) {
        const { voters } = this.#votes.state;
        if (wall) {
            return words("labs.voters", { count: voters });
        }
        if (this.shown) {
            return this.#own === null ? ""
                : words(this.#own === this.right ? "labs.well" : "labs.not");
        }
        return this.#own === null ? "" : words("labs.counted", { count: voters });
    }

    // What the teacher may do next.
    #fill(teacher) {
        const { shown, choices } = this.#votes.state;
        const ask = `ask=${this.question}&choices=${this.#choices.length}`;
        const buttons = !this.#voting ? [["labs.ask", ask]] : [
            shown === "nothing" && ["labs.show.votes", "show=votes"],
            shown !== "answer" && ["labs.show.answer", "show=answer"],
            choices && ["labs.ask.again", ask],
            ["labs.end", "end"],
        ].filter(Boolean);
        const wanted = this.#votes.teaches ? buttons : [];
        const key = JSON.stringify([wanted, this.#votes.address, this.shown]);
        if (teacher.dataset.key === key) {
            return; // the button that has the focus keeps it
        }
        const focused = teacher.contains(document.activeElement);
        teacher.dataset.key = key;
        teacher.replaceChildren(...wanted.map(([text, what]) => {
            const button = make("button", { type: "button" }, words(text));
            button.addEventListener("click", () => this.#votes.teach(what));
            return button;
        }));
        // With the answer, nobody comes any more: it has the room.
        if (wanted.length > 0 && !this.shown) {
            teacher.append(make("p", {}, this.#votes.hint));
        }
        if (focused) {
            teacher.querySelector("button")?.focus();
        }
    }
}
