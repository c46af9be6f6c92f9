// The header that all pages share: the links to the pages, and the switches of
// the language and of the wall, which wall.css makes of the page. All links keep
// what the reader has chosen.

import { keep, next, words } from "./words.js";

const PAGES = {
    "./": "page.chat",
    "compare.html": "page.compare",
    "threads.html": "page.threads",
    "timeline.html": "timeline.name",
    "labs.html": "page.labs",
    "inspect.html": "page.inspect",
};
const KEEP = ["lang", "wall"]; // these stay in the address, from page to page

const nav = document.querySelector("nav");

function makeLink(text, href) {
    const link = document.createElement("a");
    link.textContent = text;
    link.href = href;
    return link;
}

// Returns the search of an address with these parameters.
function search(parameters) {
    const text = String(parameters);
    return text && `?${text}`;
}

// Returns the address of a page, with what the reader has chosen.
export function pathTo(href) {
    const here = new URLSearchParams(location.search);
    const url = new URL(href, document.baseURI);
    for (const name of KEEP.filter((one) => here.has(one))) {
        url.searchParams.set(name, here.get(name));
    }
    return url.href;
}

function pageLink([path, key]) {
    const link = makeLink(words(key), pathTo(path));
    const file = location.pathname.split("/").at(-1).replace("index.html", "");
    if (path.replace("./", "") === file) {
        link.setAttribute("aria-current", "page");
        document.title = words("page.title", { page: words(key) });
    }
    return link;
}

function languageLink() {
    const there = new URLSearchParams(location.search);
    there.set("lang", next);
    const link = makeLink(words("language.next"), search(there));
    link.lang = link.hreflang = next;
    link.addEventListener("click", () => keep(next));
    return link;
}

function wallLink() {
    const there = new URLSearchParams(location.search);
    const wall = there.has("wall");
    document.documentElement.toggleAttribute("data-wall", wall);
    if (wall) {
        there.delete("wall");
    } else {
        there.set("wall", "");
    }
    const link = makeLink(words(wall ? "page.wall.end" : "page.wall"),
        search(there) || location.pathname);
    link.className = "wall";
    return link;
}

// A link in the text. It may be made later, so it is completed when it is used.
// A page knows itself what it does with a link to itself, as `?lab=4`.
function completeLink({ target }) {
    const link = target.closest("main a[href]:not([href^='?'])");
    if (link && /(\.html|\/)$/.test(link.pathname)
        && link.origin === location.origin) {
        link.href = pathTo(link.href);
    }
}

let switches = [];

// A page whose address changes without a load calls this, so that the switches
// lead to where the reader is.
export function fillHeader() {
    nav.replaceChildren(...Object.entries(PAGES).map(pageLink));
    switches.forEach((link) => link.remove());
    switches = [wallLink(), languageLink()];
    nav.after(...switches);
}

addEventListener("click", completeLink, { capture: true });
addEventListener("auxclick", completeLink, { capture: true }); // a new tab
fillHeader();
