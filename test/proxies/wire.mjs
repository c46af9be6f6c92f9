// What a client sees behind a recipe, over HTTP/2 and HTTP/1.1.

import http2 from "node:http2";
import https from "node:https";
import { connect } from "node:tls";
import { createGunzip } from "node:zlib";
import { NAME } from "./certificate.mjs";
import { certificate } from "./recipes.mjs";

// As a page's requests are.
const PAGE = { "accept-encoding": "gzip", "sec-fetch-site": "same-origin" };

export const EVENTS = { accept: "text/event-stream" };

const target = ({ port }, more) => ({
    host: "127.0.0.1", port, servername: NAME, ca: certificate.ca, ...more,
});

// A connection of a browser to the proxy. Both kinds have request(method, path,
// headers, body), which returns what has come of it at any time, and close().
function connectHttp2(t, proxy, more) {
    const socket = connect(target(proxy, { ALPNProtocols: ["h2"], ...more }));
    const session = http2.connect(`https://${NAME}`,
        { createConnection: () => socket });
    session.on("error", () => {});
    t.after(() => {
        session.destroy();
        socket.destroy(); // the session leaves it open before it is connected
    });
    return {
        session,
        request(method, path, headers, body) {
            const stream = session.request({
                ":method": method, ":path": path, ...PAGE, ...headers,
            });
            const answer = collect(stream);
            stream.on("response", (head) =>
                answer.begins(head[":status"], head, stream));
            stream.end(body);
            answer.leave = () => stream.close(http2.constants.NGHTTP2_CANCEL);
            return answer;
        },
    };
}

function connectHttp1(t, proxy, more) {
    return {
        request(method, path, headers, body) {
            const asked = https.request({
                ...target(proxy, more), agent: false, method, path,
                headers: { host: NAME, ...PAGE, ...headers,
                    ...body && { "content-length": Buffer.byteLength(body) } },
            });
            const answer = collect(asked);
            asked.on("response", (response) => {
                answer.begins(response.statusCode, response.headers, response);
            });
            asked.on("socket", (socket) => t.after(() => socket.destroy()));
            asked.end(body);
            answer.leave = () => asked.destroy();
            t.after(answer.leave);
            return answer;
        },
    };
}

export const WAYS = { "HTTP/2": connectHttp2, "HTTP/1.1": connectHttp1 };

function collect(request) {
    const answer = { status: undefined, headers: {}, text: "", end: undefined };
    answer.ends = (how) => (answer.end ??= how);
    answer.begins = (status, headers, stream) => {
        Object.assign(answer, { status, headers });
        const zipped = headers["content-encoding"] === "gzip";
        const plain = zipped ? stream.pipe(createGunzip()) : stream;
        plain.setEncoding("utf8").on("data", (text) => (answer.text += text))
            .on("end", () => answer.ends("end"))
            .on("error", () => answer.ends("broken"));
        stream.on("aborted", () => answer.ends("broken"));
    };
    request.on("error", (error) => {
        answer.error = error;
        answer.ends("broken");
    });
    answer.messages = () => [...answer.text.matchAll(/^data: (.*)\n\n/gm)]
        .map(([, data]) => JSON.parse(data).text);
    answer.heartbeats = () => answer.text.match(/^:/gm)?.length ?? 0;
    return answer;
}
