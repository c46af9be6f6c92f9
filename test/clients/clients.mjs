// The clients. Each is a command that prints a stream's lines as they come, and
// one that posts a text and prints the response. For some of them not all can
// be true; then the reason stands here.
//
//   quick      false: large to install, or slow to start
//   reconnects true: it comes back by itself, until it is ended
//   cannotTell why it takes a broken line for the end of the stream
//   holds      why it has the messages only at the end of the stream
//   channels   true: it is tried on a channel, too: one client of each sort
//   forgets    why it loses what is said after a line that broke before the
//              first message

import { mkdirSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { path } from "./helpers.mjs";

const json = (text) => JSON.stringify({ text });

function curl(...options) {
    const command = ["curl", "--no-progress-meter", "--fail", ...options];
    return {
        listen: (url) => [...command, "--no-buffer", url],
        post: (url, text) => [...command, "--data-raw", json(text), url],
    };
}

function program(...command) {
    return {
        listen: (url) => [...command, url],
        post: (url, text) => [...command, url, text],
    };
}

// Debian's, for which Debian's packages are, whatever else is in PATH.
function python(library) {
    return program("/usr/bin/python3", "programs/listen.py", library);
}

function node(library) {
    return program(process.execPath, "programs/node.mjs", library);
}

// Built at its first use.
function go() {
    const binary = path("../../build/clients/listen");
    const built = () => {
        mkdirSync(path("../../build/clients"), { recursive: true });
        execFileSync("go", ["build", "-o", binary, path("programs/listen.go")],
            { env: { GOCACHE: path("../../build/clients/go"), ...process.env } });
        return binary;
    };
    return {
        listen: (url) => [built(), url],
        post: (url, text) => [built(), url, text],
    };
}

const OLD = "a stream of HTTP/1.0 ends with its connection";
const PYTHON = "http.client's readline() drops its own IncompleteRead";
const DATA = "it keeps the id of an event only if that has data";

export const CLIENTS = {
    "curl": { ...curl(), channels: true },
    "curl --http1.0": { ...curl("--http1.0"), cannotTell: OLD },
    "curl --compressed": curl("--compressed"),
    "curl --http2, which asks for an upgrade": curl("--http2"),
    "wget": {
        listen: (url) => ["wget", "--tries=1", "-q", "-O", "-", url],
        post: (url, text) =>
            ["wget", "-q", "-O", "-", "--post-data", json(text), url],
    },
    "Python's requests, iter_lines(decode_unicode=True)": python("requests"),
    "Python's requests, iter_lines()": python("requests_bytes"),
    "Python's urllib3": python("urllib3"),
    "Python's urllib.request": { ...python("urllib"), cannotTell: PYTHON },
    "Python's http.client": {
        ...python("http_client"), cannotTell: PYTHON,
    },
    "Python's httpx": { ...python("httpx"), channels: true },
    "Python's aiohttp": python("aiohttp"),
    "Perl's LWP": program("perl", "programs/lwp.pl"),
    "Perl's HTTP::Tiny": program("perl", "programs/tiny.pl"),
    "Ruby's net/http": {
        ...program("ruby", "programs/listen.rb"), quick: false,
    },
    "PHP's curl": {
        ...program("php", "programs/listen.php", "curl"), quick: false,
    },
    "PHP's fopen": {
        ...program("php", "programs/listen.php", "fopen"), quick: false,
        holds: "its dechunk filter reads on until it has 8 KiB",
    },
    "PHP's fopen, protocol_version 1.0": {
        ...program("php", "programs/listen.php", "fopen_1_0"), quick: false,
        cannotTell: OLD,
    },
    "Java's HttpClient": {
        ...program("java", "programs/Listen.java"), quick: false,
    },
    "Go's net/http": { ...go(), quick: false },
    "Node's fetch": node("fetch"),
    "Node's http.get": node("http"),
    "eventsource-parser": node("parser"),
    "eventsource 2": {
        ...node("eventsource-2"), reconnects: true, channels: true,
    },
    "eventsource 3": {
        ...node("eventsource-3"), reconnects: true, forgets: DATA,
    },
    "launchdarkly-eventsource": {
        ...node("launchdarkly"), reconnects: true, forgets: DATA,
    },
    "event-source-polyfill": {
        ...node("polyfill"), reconnects: true, forgets: DATA,
    },
    "reconnecting-eventsource": { ...node("reconnecting"), reconnects: true },
    "@microsoft/fetch-event-source": {
        ...node("microsoft"), reconnects: true, channels: true,
    },
};
