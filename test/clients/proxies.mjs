// The proxies, each with the configuration that its users write. Each is a
// command, given the server's port, its own, and a directory for its files.
//
//   quick      false: large to install
//   cannotTell why it passes a killed server on as the end of the stream
//   holds      why nothing arrives before the end of the stream

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

function nginx(more, listen = "") {
    return configured("nginx.conf", (file, directory) => [
        "/usr/sbin/nginx", "-p", directory, "-c", file,
        "-e", join(directory, "error.log"), ...root ? ["-g", "user root;"] : [],
    ], { MORE: more, LISTEN: listen });
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
    return ["/usr/sbin/varnishd", "-F", "-n", directory,
        "-a", `127.0.0.1:${port}`, "-b", `127.0.0.1:${upstream}`,
        "-s", "malloc,16m"];
}

const squid = configured("squid.conf", (file) =>
    ["/usr/sbin/squid", "--foreground", "-f", file],
{ USER: root ? "cache_effective_user root" : "" });

function node(kind) {
    return (upstream, port) =>
        [process.execPath, path("proxies/node.mjs"), kind, port, upstream];
}

const OLD = "it asks in HTTP/1.0, where a stream ends with its connection";
const HTTP_1_1 = "proxy_http_version 1.1; proxy_set_header Connection '';";

export const PROXIES = {
    "nginx, proxy_pass alone": { command: nginx(""), cannotTell: OLD },
    "nginx, as SECURITY.md says": {
        command: nginx(`${HTTP_1_1} proxy_set_header Host $http_host;`),
    },
    "nginx, gzip for everything": {
        command: nginx(`${HTTP_1_1} gzip on; gzip_proxied any; gzip_types *;`),
    },
    "haproxy": { command: haproxy("") },
    "haproxy, compression for everything": {
        command: haproxy("compression algo gzip"),
    },
    "apache2, ProxyPass": { command: apache("") },
    "apache2, deflate for everything": {
        command: apache("SetOutputFilter DEFLATE"),
    },
    "lighttpd": {
        command: lighttpd(""),
        holds: "by default it reads a whole response before it sends it",
    },
    "lighttpd, stream-response-body": {
        command: lighttpd("server.stream-response-body = 2"),
    },
    "varnish": { command: varnish, quick: false },
    "squid": { command: squid, quick: false },
    "caddy": { command: caddy(""), quick: false },
    "caddy, encode": { command: caddy("encode gzip zstd"), quick: false },
    "http-proxy": { command: node("http-proxy") },
    "http-proxy-middleware in Express": { command: node("express") },
    "http-proxy-middleware in Express with compression": {
        command: node("compression"),
    },
};
