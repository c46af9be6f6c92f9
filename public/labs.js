// The labs of a class: the text, a step at a time, beside the server's threads.
// The text is made of test/labs/README.md (test/browser/labs-text.mjs).

import { fillHeader } from "./header.js";
import { postMessage } from "./post.js";
import { addCopyButtons, nameTerminals } from "./labs-copy.js";
import { Predict } from "./labs-predict.js";
import { enlarge } from "./labs-view.js";
import { Votes } from "./labs-votes.js";
import { language, words } from "./words.js";

const $ = (id) => document.getElementById(id);
const sections = new Map(); // from a lab's number to its <section>
let shown = { lab: null, step: 1 };
let predict = null; // the question on the page
let following = !parameter("lab"); // the teacher's questions
let called = null; // the number of the vote that was followed, or told
let sent = 0; // messages from this page

// The address: ?lab=4&step=2

function parameter(name) {
    return new URLSearchParams(location.search).get(name);
}

function address(lab, step) {
    const search = new URLSearchParams(location.search);
    search.delete("lab");
    search.delete("step");
    if (lab) {
        search.set("lab", lab);
        search.set("step", step);
    }
    return `?${search}`;
}

function go(lab, step = 1) {
    history.pushState(null, "", address(lab, step));
    show();
    $("name").focus({ preventScroll: true });
}

// Steps

function stepsOf(lab) {
    return [...sections.get(lab).querySelectorAll(":scope > .step")];
}

function show() {
    const lab = parameter("lab");
    fillHeader();
    const known = sections.has(lab);
    predict = null;
    $("index").hidden = known;
    $("lab").hidden = !known;
    if (!known) {
        shown = { lab: null, step: 1 };
        tellCall();
        return;
    }
    const count = stepsOf(lab).length;
    const step = Math.min(count, Math.max(1, Number(parameter("step")) || 1));
    shown = { lab, step };
    $("name").innerHTML = sections.get(lab).querySelector("h2").innerHTML;
    $("place").textContent = words("labs.step", { step, count });
    showText(stepsOf(lab)[step - 1].cloneNode(true));
    $("back").disabled = step === 1 && !sections.has(`${Number(lab) - 1}`);
    allowNext();
    tellCall();
}

function showText(step) {
    $("lesson").replaceChildren(step);
    $("lesson").scrollTop = 0;
    nameTerminals(step);
    addCopyButtons(step);
    const question = step.querySelector(".predict");
    if (question) {
        predict = new Predict(question, votes, () => {
            allowNext();
            fit();
        });
    }
    $("lab").classList.remove("wide");
    $("lesson").style.setProperty("--fit", 1);
    const wide = [...step.querySelectorAll("pre")].some((pre) =>
        pre.scrollWidth > pre.clientWidth);
    $("lab").classList.toggle("wide", wide);
    enlarge(sections.get(shown.lab).dataset.look.split(" "));
    fit();
}

// Makes the letters smaller until the text and its lines fit beside the picture.
// On a phone the page scrolls instead.
function fit() {
    const element = $("lesson");
    const parts = [element, ...element.querySelectorAll("pre")];
    const phone = matchMedia("(max-width: 52rem)").matches;
    for (let size = 1; size > 0.5; size -= 0.03) {
        element.style.setProperty("--fit", size);
        if (phone || parts.every((part) =>
            part.scrollHeight <= part.clientHeight
            && part.scrollWidth <= part.clientWidth)) {
            return;
        }
    }
}

addEventListener("resize", fit);
$("lesson").addEventListener("toggle", fit, true); // of what is folded

// The next step shows the answer, so the question comes first.
function allowNext() {
    const { lab, step } = shown;
    const last = step === stepsOf(lab).length;
    $("next").disabled = predict?.shown === false
        || last && !sections.has(`${Number(lab) + 1}`);
}

function move(by) {
    const { lab, step } = shown;
    const count = stepsOf(lab).length;
    const next = `${Number(lab) + by}`;
    if (step + by >= 1 && step + by <= count) {
        go(lab, step + by);
    } else if (sections.has(next)) {
        go(next, by > 0 ? 1 : stepsOf(next).length);
    }
}

for (const [id, by] of [["back", -1], ["next", 1]]) {
    $(id).addEventListener("click", () => {
        following = false;
        move(by);
    });
}

// The arrow keys turn the pages, where nothing else needs them.
addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const button = by && $(by > 0 ? "next" : "back");
    const used = event.target.closest("input, pre")
        || event.altKey || event.ctrlKey || event.metaKey;
    if (button && shown.lab && !used && !button.disabled) {
        event.preventDefault();
        button.click();
    }
});

// A link to a lab does not load the page again.
addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='?lab='], #all");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        const search = new URL(link.href).searchParams;
        following = link.dataset.follow !== undefined;
        go(search.get("lab"), search.get("step") ?? 1);
    }
});

addEventListener("popstate", show);

$("send").addEventListener("click", () => {
    postMessage($("problem"), `message ${++sent}`);
});

// The class

const votes = new Votes(onVotes);

function onVotes() {
    if (sections.size === 0) {
        return; // the text is still to come
    }
    predict?.update();
    const { asked, question } = votes.state;
    if (votes.attends && question && asked !== called && following) {
        called = asked;
        const at = find(question);
        if (at && (at.lab !== shown.lab || at.step !== shown.step)) {
            go(at.lab, at.step);
        }
    }
    tellCall();
}

// Where a question stands: { lab, step }.
function find(question) {
    const [lab] = question.split("-");
    const at = sections.has(lab) ? stepsOf(lab).findIndex((step) =>
        step.querySelector(`[data-question="${question}"]`)) : -1;
    return at < 0 ? null : { lab, step: at + 1 };
}

// Tells students of a question that they do not see, or to wait for one; and
// the teacher on the first page where students find it.
function tellCall() {
    const { question } = votes.state;
    const at = votes.attends && question ? find(question) : null;
    const away = at && (at.lab !== shown.lab || at.step !== shown.step);
    const key = away ? question : [votes.attends, votes.teaches, shown.lab === null]
        .join();
    if ($("call").dataset.key === key) {
        return;
    }
    $("call").dataset.key = key;
    if (away) {
        $("call").replaceChildren(words("labs.called", { lab: at.lab }), " ",
            callLink(at));
    } else {
        $("call").textContent = shown.lab !== null ? ""
            : votes.attends ? words("labs.wait")
                : votes.teaches ? votes.hint : "";
    }
}

function callLink({ lab, step }) {
    const link = document.createElement("a");
    link.href = `?lab=${lab}&step=${step}`;
    link.dataset.follow = "";
    link.textContent = words("labs.go");
    return link;
}

// Start

function fillIndex(text) {
    $("list").append(...[...sections].map(([lab, section]) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = `?lab=${lab}`;
        link.innerHTML = section.querySelector("h2").innerHTML;
        item.append(link);
        return item;
    }));
    $("about").append(...text.querySelectorAll(".about"));
}

const answer = await fetch(`labs/${language}.html`);
const text = new DOMParser().parseFromString(await answer.text(), "text/html");
for (const section of text.querySelectorAll("section[data-look]")) {
    sections.set(section.id.replace("lab-", ""), section);
}
fillIndex(text);
show();
onVotes();
