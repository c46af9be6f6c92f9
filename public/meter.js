// Measures one of the ways: its requests, its bytes, and the delay of its
// messages.

const KEPT = 100; // the number of delays kept

export class Meter {
    messages = 0;
    requests = 0;
    bytes = 0;
    live; // undefined until the first answer
    delays = []; // of the newest messages, in milliseconds
    #sent;

    // `sent` maps each text that this page sent to the time of sending.
    constructor(sent) {
        this.#sent = sent;
    }

    hear({ text }) {
        const time = this.#sent.get(text);
        if (time === undefined) {
            return; // another page sent it
        }
        this.messages += 1;
        this.delays.push(performance.now() - time);
        if (this.delays.length > KEPT) {
            this.delays.shift();
        }
    }

    get median() {
        const sorted = this.delays.toSorted((a, b) => a - b);
        return sorted[Math.floor(sorted.length / 2)];
    }

    get slowest() {
        return Math.max(...this.delays);
    }
}

const encoder = new TextEncoder();

function size(lines) {
    return encoder.encode(lines.join("\r\n")).length;
}

export function answerBytes(response, text) {
    const fields = [...response.headers].map(([name, value]) =>
        `${name}: ${value}`);
    const status = `HTTP/1.1 ${response.status} ${response.statusText}`;
    return size([status, ...fields, "", text]);
}

// The bytes of Chromium's request. Those of other browsers are similar.
export function requestBytes(path, { accept = "*/*", fields = [] } = {}) {
    const { pathname, search } = new URL(path, location.href);
    return size([
        `GET ${pathname}${search} HTTP/1.1`,
        `Host: ${location.host}`,
        "Connection: keep-alive",
        `User-Agent: ${navigator.userAgent}`,
        `Accept: ${accept}`,
        "Sec-Fetch-Site: same-origin",
        "Sec-Fetch-Mode: cors",
        "Sec-Fetch-Dest: empty",
        `Referer: ${location.href}`,
        "Accept-Encoding: gzip, deflate, br, zstd",
        `Accept-Language: ${navigator.languages.join()};q=0.9`,
        ...clientHints(),
        ...fields,
        "", "",
    ]);
}

// `id` is the Last-Event-ID that the browser sends if it reconnects by itself.
export function streamRequestBytes(path, id) {
    const fields = ["Pragma: no-cache", "Cache-Control: no-cache"];
    if (id !== undefined) {
        fields.push(`Last-Event-ID: ${id}`);
    }
    return requestBytes(path, { accept: "text/event-stream", fields });
}

// Chromium sends these to localhost and over TLS. Only there can pages read
// them.
function clientHints() {
    const { brands, mobile, platform } = navigator.userAgentData ?? {};
    if (!brands) {
        return [];
    }
    const list = brands.map(({ brand, version }) =>
        `"${brand}";v="${version}"`);
    return [
        `sec-ch-ua: ${list.join(", ")}`,
        `sec-ch-ua-mobile: ${mobile ? "?1" : "?0"}`,
        `sec-ch-ua-platform: "${platform}"`,
    ];
}

// The head of the stream's answer, and its first event, which tells the newest
// id.
export function streamBytes(lastEventId) {
    return size([
        "HTTP/1.1 200 OK",
        `Date: ${new Date().toUTCString()}`,
        "Cache-Control: no-store, no-transform",
        "X-Accel-Buffering: no",
        "Content-Type: text/event-stream; charset=utf-8",
        "X-Content-Type-Options: nosniff",
        "Transfer-Encoding: chunked",
        "Connection: close",
        "", "",
    ]) + chunkBytes(`\nretry: 10000\nid: ${lastEventId}\n\n`);
}

export function eventBytes({ lastEventId, data }) {
    return chunkBytes(`retry: 10000\nid: ${lastEventId}\ndata: ${data}\n\n`);
}

// The server sends each event as a chunk: its length in hexadecimal, a line
// break, the event, a line break.
function chunkBytes(event) {
    const { length } = encoder.encode(event);
    return length.toString(16).length + 2 + length + 2;
}
