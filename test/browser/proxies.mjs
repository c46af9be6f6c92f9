// Proxies for the tests: one that serves a server under a path, and one that
// counts the bytes of each path.

import { once } from "node:events";
import { createServer as createHttpServer, request } from "node:http";
import { createServer, connect } from "node:net";

// Serves the server under `prefix`, "/chat" for example, as
// `location /chat/ { proxy_pass http://SERVER/; }` does. serve() adds another
// one. What was asked for outside is in `strays`.
export async function startPrefixProxy(t, server, prefix) {
    const servers = new Map([[prefix, server]]);
    const strays = [];
    const proxy = createHttpServer((asked, answer) => {
        const found = [...servers.keys()].find((key) =>
            asked.url.startsWith(`${key}/`));
        if (found === undefined) {
            strays.push(asked.url);
            answer.writeHead(404).end();
            return;
        }
        const { method, headers } = asked;
        const onward = request({
            host: "127.0.0.1", port: servers.get(found).port, method, headers,
            path: asked.url.slice(found.length),
        }, (got) => {
            answer.writeHead(got.statusCode, got.headers);
            answer.flushHeaders();
            got.pipe(answer);
        });
        onward.on("error", () => answer.destroy());
        answer.on("close", () => onward.destroy());
        asked.pipe(onward);
    });
    const origin = await listen(t, proxy);
    t.after(() => proxy.closeAllConnections());
    return {
        origin, url: origin + prefix, strays,
        serve: (...entry) => servers.set(...entry),
    };
}

// Passes all bytes on, and counts them for each path with its first parameter,
// "poll?after" for example. Browsers send no request before the answer to the
// one before is complete. So all bytes belong to the connection's latest request.
export async function startCountingProxy(t, server) {
    const bytes = {};
    const requests = {};
    const sockets = new Set();
    const proxy = createServer((client) => {
        const onward = connect(server.port, "127.0.0.1");
        let path;
        const count = (data) => {
            bytes[path] = (bytes[path] ?? 0) + data.length;
        };
        client.on("data", (data) => {
            const line = /^[A-Z]+ \/([^ =]*)/.exec(data.toString("latin1"));
            if (line) {
                path = line[1];
                requests[path] = (requests[path] ?? 0) + 1;
            }
            count(data);
        });
        onward.on("data", count);
        client.pipe(onward).pipe(client);
        for (const [socket, other] of [[client, onward], [onward, client]]) {
            sockets.add(socket);
            socket.on("error", () => {});
            socket.on("close", () => other.destroy());
        }
    });
    t.after(() => sockets.forEach((socket) => socket.destroy()));
    return { url: await listen(t, proxy), bytes, requests };
}

async function listen(t, proxy) {
    proxy.listen(0, "127.0.0.1");
    await once(proxy, "listening");
    t.after(() => proxy.close());
    return `http://127.0.0.1:${proxy.address().port}`;
}
