// The proxies, each with the configuration that its users write. Each is a
// command, given the server's port, its own, and a directory for its files.
//
//   quick      false: large to install
//   compresses true: even what says no-transform, but each event on its own
//   cannotTell why it passes a killed server on as the end of the stream
//   holds      why nothing arrives before the end of the stream
//   leaks      why the server never learns that a reader has left
//   hangs      why it leaves the reader of a killed server waiting for ever
//   noticesLate  why the server learns only by the next message or heartbeat
//              that a reader has left

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { path } from "./helpers.mjs";

// Fills in what stands between @ in proxies/NAME, and writes it to directory.
function configure(name, values) {
    const template = readFileSync(path(`proxies/${name}`), "utf8");
    const file = join(values.DIRECTORY, name);
    writeFileSync(file, template.replace(/@([A-Z]+)@/g, (_, key) => {
        if (values[key] === undefined) {
            throw new Error(`${name}: what is @${key}@?`);
        }
        return values[key];
    }));
    return file;
}

function configured(name, command, more = {}) {
    return (upstream, port, directory) => command(configure(name, {
        UPSTREAM: upstream, PORT: port, DIRECTORY: directory, MORE: "", ...more,
    }), directory, port, upstream);
}

// Else its workers are of another user, who may not read all this.
const root = process.getuid() === 0;

function nginx(more) {
    return configured("nginx.conf", (file, directory) => [
        "/usr/sbin/nginx", "-p", directory, "-c", file,
        "-e", join(directory, "error.log"), ...root ? ["-g", "user root;"] : [],
    ], { MORE: more });
}

function haproxy(more) {
    return configured("haproxy.cfg",
        (file) => ["/usr/sbin/haproxy", "-db", "-f", file], { MORE: more });
}

function apache(more) {
    return configured("apache2.conf",
        (file) => ["/usr/sbin/apache2", "-X", "-f", file], { MORE: more });
}

function lighttpd(more) {
    return configured("lighttpd.conf",
        (file) => ["/usr/sbin/lighttpd", "-D", "-f", file], { MORE: more });
}

function caddy(more) {
    return configured("Caddyfile",
        (file) => ["caddy", "run", "--adapter", "caddyfile", "--config", file],
        { MORE: more });
}

function varnish(upstream, port, directory) {
    return ["/usr/sbin/varnishd", "-F", "-j", "none", "-n", directory,
        "-a", `127.0.0.1:${port}`, "-b", `127.0.0.1:${upstream}`,
        "-s", "malloc,16m"];
}

const squid = configured("squid.conf", (file) =>
    ["/usr/sbin/squid", "--foreground", "-f", file]);

function node(kind) {
    return (upstream, port) =>
        [process.execPath, path("proxies/node.mjs"), kind, port, upstream];
}

const OLD = "it asks in HTTP/1.0, where a stream ends with its connection";
const HALF = "a reader who has only ended its own half looks the same";
const WRITES = "it looks at its reader only when it has something to send";
const LOGS = "it logs the error, and ends its response as usual";
const PIPE = "Node's pipe() does not pass on that a response was aborted";
const ABORTED =
    "it waits for a request's event 'aborted', which Node no longer emits";
const HTTP_1_1 = "proxy_http_version 1.1; proxy_set_header Connection '';";

export const PROXIES = {
    "nginx, proxy_pass alone": { command: nginx(""), cannotTell: OLD },
    "nginx, HTTP/1.1 and the Host": {
        command: nginx(`${HTTP_1_1} proxy_set_header Host $http_host;`),
    },
    "nginx, gzip for everything": {
        command: nginx(`${HTTP_1_1} gzip on; gzip_proxied any; gzip_types *;`),
        compresses: true,
    },
    "haproxy": { command: haproxy(""), noticesLate: HALF },
    "haproxy, compression for everything": {
        command: haproxy("compression algo gzip"), noticesLate: HALF,
    },
    "apache2, ProxyPass": { command: apache(""), noticesLate: WRITES },
    "apache2, deflate for everything": {
        command: apache("SetOutputFilter DEFLATE"), compresses: true,
        noticesLate: WRITES,
    },
    "lighttpd": {
        command: lighttpd(""),
        holds: "by default it reads a whole response before it sends it",
    },
    "lighttpd, stream-response-body": {
        command: lighttpd("server.stream-response-body = 2"),
        noticesLate: HALF,
    },
    "varnish": { command: varnish, quick: false, noticesLate: WRITES },
    "squid": { command: squid, quick: false },
    "caddy": { command: caddy(""), quick: false, cannotTell: LOGS },
    "caddy, encode": {
        command: caddy("encode gzip zstd"), quick: false, cannotTell: LOGS,
    },
    "http-proxy": {
        command: node("http-proxy"), hangs: PIPE, leaks: ABORTED,
    },
    "http-proxy, as the recipe for Vite has it": {
        command: node("vite"), leaks: ABORTED,
    },
    "http-proxy-middleware in Express": {
        command: node("express"), hangs: PIPE,
    },
    "http-proxy-middleware in Express with compression": {
        command: node("compression"), hangs: PIPE,
    },
};
