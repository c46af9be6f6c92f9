// The words of the pages, in the reader's language. Each language is one file.
// It maps keys to words, and each page names the keys: an attribute in its HTML
// says which words an element gets, and a module calls words(key).
//
// The first language of these that we have wins: `?lang=ko` in the address, what
// the switch in the header kept, and what the browser asks for.

import en from "./words-en.js";
import ko from "./words-ko.js";

const LANGUAGES = { en, ko };
const KEPT = "crier-language"; // its name in the browser's storage

export const language = [
    new URLSearchParams(location.search).get("lang"), kept(),
    ...navigator.languages,
].map((wish) => wish?.slice(0, 2)).find((wish) => wish in LANGUAGES) ?? "en";

// The reader's own form of the language, en-GB for example, for dates.
export const locale = navigator.languages.find((wish) =>
    wish.startsWith(language)) ?? language;

// The language behind the switch.
export const next = language === "en" ? "ko" : "en";

// A browser that blocks cookies has no storage: then the address has to do.
function kept() {
    try {
        return localStorage.getItem(KEPT);
    } catch {
        return null;
    }
}

export function keep(tag) {
    try {
        localStorage.setItem(KEPT, tag);
    } catch {
        // see kept
    }
}

export const number = new Intl.NumberFormat(language).format;
const plural = new Intl.PluralRules(language);

// Returns the words of a key. `{name}` in them becomes values.name. If the words
// depend on a number, they are an object, and values.count chooses one of them.
export function words(key, values = {}) {
    const found = LANGUAGES[language][key];
    const text = found[plural.select(values.count)] ?? found.other ?? found;
    return text.replace(/\s+/g, " ").replace(/\{(\w+)\}/g, (_, name) =>
        typeof values[name] === "number" ? number(values[name]) : values[name]);
}

// The attributes of our HTML that name a key. Words may have tags, as <b>; they
// are our own, so that they may be HTML.
const PLACES = {
    "data-words": (element, text) => (element.innerHTML = text),
    "data-label": (element, text) => element.setAttribute("aria-label", text),
    "data-placeholder": (element, text) => (element.placeholder = text),
};

for (const [attribute, put] of Object.entries(PLACES)) {
    for (const element of document.querySelectorAll(`[${attribute}]`)) {
        put(element, words(element.getAttribute(attribute)));
    }
}
document.documentElement.lang = language;
