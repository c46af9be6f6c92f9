// What the server refuses, in the reader's language.

import { words } from "./words.js";

// The status, what the server says of it, and our words. The first that fits is
// taken. Where none does, the reader sees what the server says.
const WORDS = [
    [400, /^text /, "refusal.empty"],
    [401, /./, "refusal.token"],
    [403, /--classroom/, "refusal.classroom"],
    [403, /--server-name/, "refusal.name"],
    [409, /sleeps/, "refusal.sleeps"],
    [409, /question/, "refusal.late"],
    [409, /nobody/, "refusal.nobody"],
    [409, /mutex/, "refusal.held"],
    [413, /./, "refusal.long"],
    [429, /./, "refusal.often"],
    [503, /./, "refusal.busy"],
];

export async function explain(answer) {
    const said = await read(answer);
    const found = said && WORDS.find(([status, pattern]) =>
        status === answer.status && pattern.test(said));
    return found ? words(found[2])
        : said || words("post.status", { status: `${answer.status}` });
}

// The server's errors are JSON or plain text. A proxy's may be anything.
async function read(answer) {
    const type = answer.headers.get("Content-Type") ?? "";
    if (type.startsWith("application/json")) {
        return (await answer.json()).error;
    }
    return type.startsWith("text/plain") ? answer.text() : "";
}

// Tells why a stream was refused. An EventSource does not, so this asks again.
export async function tellRefusal(element, path) {
    try {
        const answer = await fetch(path);
        element.textContent = answer.ok ? "" : await explain(answer);
    } catch {
        element.textContent = words("threads.silence");
    }
}
