// The demo's contract on Node's event loop, as a peer for the benchmark:
// GET /subscribe and POST /update on 127.0.0.1, at the port that is given.
// PEER_FAULT makes it lose, double or reorder, to test what measures it.

import { createServer } from "node:http";

const subscribers = new Set();
let newest = Buffer.alloc(0); // what the first subscriber of a reorder lacks

const FAULTS = {
    lose: (event, [, ...others]) => others.forEach((s) => s.write(event)),
    double: (event, [first]) => first.write(event),
    reorder: (event, [first, ...others]) => {
        others.forEach((s) => s.write(event));
        if (newest.length > 0) {
            first.write(Buffer.concat([event, newest]));
            newest = Buffer.alloc(0);
        } else {
            newest = event;
        }
    },
};

function publish(event) {
    const fault = process.env.PEER_FAULT;
    if (fault) {
        FAULTS[fault](event, [...subscribers]);
    }
    if (!fault || fault === "double") {
        for (const subscriber of subscribers) {
            subscriber.write(event);
        }
    }
}

function subscribe(request, response) {
    response.writeHead(200, {
        "Content-Type": "text/event-stream",
        "Cache-Control": "no-store",
    });
    response.write("\n");
    subscribers.add(response);
    response.on("close", () => subscribers.delete(response));
}

function update(body, response) {
    const timestamp = Date.now();
    const json = JSON.stringify({ text: JSON.parse(body).text, timestamp });
    publish(Buffer.from(`retry: 10000\nid: ${timestamp}\ndata: ${json}\n\n`));
    response.writeHead(200, {
        "Content-Type": "application/json",
        "Content-Length": Buffer.byteLength(json),
    });
    response.end(json);
}

createServer((request, response) => {
    if (request.url === "/subscribe") {
        return subscribe(request, response);
    }
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => update(Buffer.concat(chunks), response));
}).listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 });
