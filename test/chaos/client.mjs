// One subscriber and one post, as a program would do them.

import { get, request } from "node:http";
import { once } from "node:events";
import { EventParser } from "./ledger.mjs";

const REQUEST_MS = 60000;

// One connection of a subscriber, which comes with the record's last id.
// `closed` resolves at its end, whoever ends it.
export function subscribe(port, record, onEvent = () => {}) {
    const headers = record.last === null ? {}
        : { "Last-Event-ID": record.last };
    const outgoing = get({
        host: "127.0.0.1", port, path: "/subscribe", headers, agent: false,
    });
    const stream = { outgoing, status: undefined };
    const parser = new EventParser((event) => {
        record.take(event);
        onEvent(event);
    });
    stream.closed = new Promise((resolve) => outgoing.on("close", resolve));
    outgoing.on("error", () => {});
    outgoing.on("response", (response) => {
        stream.status = response.statusCode;
        stream.response = response;
        response.on("error", () => {});
        if (response.statusCode === 200) {
            response.setEncoding("utf8").on("data", (data) =>
                parser.feed(data));
        } else {
            response.resume();
        }
    });
    return stream;
}

// Posts a text, and enters it into the ledger. Returns the status; 0 if there
// was no answer.
export async function post(port, agent, ledger, text) {
    ledger.post(text);
    const outgoing = request({
        host: "127.0.0.1", port, path: "/update", method: "POST", agent,
        timeout: REQUEST_MS,
    });
    outgoing.on("timeout", () => outgoing.destroy());
    try {
        outgoing.end(JSON.stringify({ text }));
        const [response] = await once(outgoing, "response");
        let body = "";
        for await (const data of response.setEncoding("utf8")) {
            body += data;
        }
        if (response.statusCode === 200) {
            ledger.acknowledge(text, body);
        } else {
            ledger.refuse(text);
        }
        return response.statusCode;
    } catch {
        return 0;
    }
}
