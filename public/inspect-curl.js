// What to type into a shell to get the same stream.

// Nothing is special between single quotes but the quote itself.
const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;

export function asCurl({ url, id, by, method, fields, body }) {
    const parts = ["curl", "-N"];
    const headers = by === "fetch" ? [...fields] : [];
    if (id) {
        headers.push(["Last-Event-ID", id]);
    }
    for (const [name, value] of headers) {
        parts.push("-H", quote(`${name}: ${value}`));
    }
    if (by === "fetch" && method === "POST") {
        parts.push("--data-raw", quote(body));
    }
    parts.push(quote(url));
    return parts.join(" ");
}
