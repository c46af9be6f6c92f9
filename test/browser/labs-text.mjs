// Makes public/labs/*.html, which labs.html shows, of the labs' README in each
// language. They are checked in, so that a server needs no npm; a test says when
// they are out of date.
//
//     make labs-text
//
// A lab is a section whose title begins with its number. It becomes steps: what
// stands before a prediction, the prediction, and what it shows. A step has at
// most one block of code, so that it fits onto a wall.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { posix } from "node:path";
import { pathToFileURL } from "node:url";
import { Marked } from "marked";

const TOP = new URL("../../", import.meta.url);
const FOLDER = "test/labs";

// From a README to what is made of it. A language without a README has the
// English one.
export const TEXTS = ["en", "ko"].map((language) => {
    const own = `${FOLDER}/README.${language}.md`;
    const from = existsSync(new URL(own, TOP)) ? own : `${FOLDER}/README.md`;
    return { language, from, to: `public/labs/${language}.html` };
});

const escape = (text) => text.replace(/[&<>"]/g,
    (letter) => `&#${letter.charCodeAt(0)};`);

// The lines behind a `$` can be copied; the others are what a terminal shows.
function code({ text }) {
    const parts = text.split("\n").reduce((all, line) => {
        const command = line.startsWith("$ ");
        const last = all.at(-1);
        if (command || last?.command !== false) {
            all.push({ command, lines: [command ? line.slice(2) : line] });
        } else {
            last.lines.push(line);
        }
        return all;
    }, []);
    return parts.map(({ command, lines }) => {
        const inner = escape(lines.join("\n"));
        return command ? `<p class="command"><code>${inner}</code></p>\n`
            : `<pre class="output" tabindex="0"><code>${inner}</code></pre>\n`;
    }).join("");
}

// What the server does not serve is only named.
function link({ href, tokens }) {
    const text = this.parser.parseInline(tokens);
    const lab = /^#(\d+)-/.exec(href)?.[1];
    const page = /^http:\/\/localhost:3000\/(.*)$/.exec(href)?.[1];
    if (lab) {
        return `<a href="?lab=${lab}">${text}</a>`;
    }
    if (page !== undefined) {
        return `<a href="${page}">${page}</a>`;
    }
    if (href.startsWith("#")) {
        return text;
    }
    const path = posix.join(FOLDER, href.replace(/#.*/, ""));
    const file = `<code>${path}</code>`;
    return text === path ? file : `${text} (${file})`;
}

const marked = new Marked({ renderer: { code, link } });

function html(tokens) {
    return marked.parser(tokens).replace(/<summary>([^]*?)<\/summary>/g,
        (_, text) => `<summary>${marked.parseInline(text)}</summary>`);
}

const opens = (token) => token.type === "html"
    && token.raw.startsWith("<details>");
const closes = (token) => token.type === "html"
    && token.raw.startsWith("</details>");

// A quotation with a list: the question, its choices, and the answer, whose
// first strong word is the number of the right choice.
function predict(token, question) {
    const at = token.tokens.findIndex(({ type }) => type === "list");
    const asked = token.tokens.slice(0, at);
    const why = token.tokens.slice(at + 1)
        .filter((inner) => !opens(inner) && !closes(inner));
    const answer = /^\*\*(\d)\.\*\* */.exec(why.find(
        ({ type }) => type === "paragraph").text)[1];
    return `<div class="predict" data-question="${question}" ` +
        `data-answer="${answer}">\n${html(asked)}${html([token.tokens[at]])}` +
        `<div class="why">\n${html(why)}</div>\n</div>\n`;
}

const isPredict = ({ type, tokens }) => type === "blockquote"
    && tokens.some((inner) => inner.type === "list");

// Is it all that fits onto a wall?
const isLong = ({ type, text }) => type === "code"
    && text.split("\n").length > 20;

// Does a step end before this token, and what kind is the new one?
function begins(token, { kind, tokens }, folded) {
    if (isPredict(token)) {
        return "predict";
    }
    if (folded) {
        return null;
    }
    if (opens(token)) {
        return kind === "folds" ? null : "folds";
    }
    if (["predict", "folds"].includes(kind)) {
        return "text";
    }
    const hasCode = tokens.some(({ type }) => type === "code");
    if (tokens.some(isLong)) {
        return "text";
    }
    const leads = token.type === "paragraph" && token.text.endsWith(":");
    return hasCode && (token.type === "code" || leads) ? "text" : null;
}

function steps(tokens) {
    const all = [{ kind: "text", tokens: [] }];
    let folded = false;
    for (const token of tokens) {
        if (["space", "html"].includes(token.type) && !opens(token)
            && !closes(token)) {
            continue;
        }
        const kind = begins(token, all.at(-1), folded);
        if (kind) {
            all.push({ kind, tokens: [] });
        }
        all.at(-1).tokens.push(token);
        folded = opens(token) || folded && !closes(token);
    }
    return all.filter((step) => step.tokens.length > 0);
}

function lab({ number, title, tokens }) {
    const comment = tokens.find(({ type, raw }) => type === "html"
        && raw.startsWith("<!-- look:"));
    let asked = 0;
    const inner = steps(tokens).map(({ kind, tokens: own }) => {
        const body = kind === "predict"
            ? predict(own[0], `${number}-${++asked}`) : html(own);
        return `<div class="step ${kind}">\n${body}</div>\n`;
    }).join("");
    const look = /look: (.*) -->/.exec(comment.raw)[1];
    return `<section id="lab-${number}" data-look="${look}">\n` +
        `<h2>${marked.parseInline(title)}</h2>\n${inner}</section>\n`;
}

// The document's sections: { title, number (of a lab), tokens }.
function sections(markdown) {
    return marked.lexer(markdown).reduce((all, token) => {
        if (token.type === "heading") {
            const number = /^(\d+)\. /.exec(token.text)?.[1];
            all.push({ title: token.text, number, tokens: [] });
        } else {
            all.at(-1).tokens.push(token);
        }
        return all;
    }, []);
}

export function render(markdown) {
    return sections(markdown).map((section) => (section.number ? lab(section)
        : `<section class="about">\n<h2>${marked.parseInline(section.title)}` +
            `</h2>\n${html(section.tokens)}</section>\n`)).join("");
}

export const read = (path) => readFileSync(new URL(path, TOP), "utf8");

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
    for (const { from, to } of TEXTS) {
        writeFileSync(new URL(to, TOP), render(read(from)));
        console.log(`  ${from} -> ${to}`);
    }
}
