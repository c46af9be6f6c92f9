// The recipes of scripts/recipes, each in the proxy's own Debian configuration,
// as its first lines say. Only what must differ in a test is changed: ports, the
// certificate, and where the proxy writes. Each change must find its line.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "node:tls";
import { path, startProxy } from "../clients/helpers.mjs";
import { NAME, makeCertificate } from "./certificate.mjs";

export const certificate = makeCertificate();

function change(text, changes) {
    for (const [from, to] of changes) {
        const changed = text.replaceAll(from, to);
        assert.notEqual(changed, text, `there is no ${from}`);
        text = changed;
    }
    return text;
}

export const recipe = (name) =>
    readFileSync(path(`../../scripts/recipes/${name}`), "utf8");

// How long a proxy waits for a quiet crier, in seconds, as its recipe says.
export function patience({ file, waits }) {
    const seconds = [...recipe(file).matchAll(waits)].map(([, n]) => Number(n));
    assert.ok(seconds.length > 0, `${file} does not say how long it waits`);
    return Math.min(...seconds);
}

// The recipe, for a crier on port `upstream`. `seconds` is another patience,
// and `edit` are more changes.
function adapt({ file, waits, edit = [] }, changes, { upstream, seconds }) {
    const text = change(recipe(file), [["127.0.0.1:3000",
        `127.0.0.1:${upstream}`], ...changes, ...edit]);
    return seconds === undefined ? text
        : text.replace(waits, (found, n) => found.replace(n, seconds));
}

function nginx(at, setting) {
    const folder = join(at.directory, "nginx");
    cpSync("/etc/nginx", folder, { recursive: true, verbatimSymlinks: true });
    const edit = (name, changes) => writeFileSync(join(folder, name),
        change(readFileSync(join(folder, name), "utf8"), changes));
    edit("nginx.conf", [
        ["/etc/nginx", folder], ["/run/nginx.pid", join(folder, "pid")],
        ["/var/log/nginx", folder],
    ]);
    writeFileSync(join(folder, "conf.d/test.conf"), [
        "client_body", "proxy", "fastcgi", "uwsgi", "scgi",
    ].map((name) => `${name}_temp_path ${folder}/${name};\n`).join(""));
    rmSync(join(folder, "sites-enabled/default"));
    writeFileSync(join(folder, "sites-enabled/crier"), adapt(setting, [
        ["listen 443", `listen 127.0.0.1:${at.port}`],
        ["    listen [::]:443 ssl http2;\n", ""],
        ["/etc/ssl/certs/chat.pem", certificate.chain],
        ["/etc/ssl/private/chat.key", certificate.key],
    ], at));
    return ["/usr/sbin/nginx", "-c", join(folder, "nginx.conf"),
        "-e", join(folder, "error.log"), "-g", "daemon off;"];
}

// Debian's file, without the section that needs root.
function haproxy(at, setting) {
    const file = join(at.directory, "haproxy.cfg");
    const defaults = readFileSync("/etc/haproxy/haproxy.cfg", "utf8");
    writeFileSync(file, defaults.slice(defaults.search(/^defaults/m)) +
        adapt(setting, [
            ["bind :443,:::443", `bind 127.0.0.1:${at.port}`],
            ["/etc/haproxy/chat.pem", certificate.both],
        ], at));
    return ["/usr/sbin/haproxy", "-db", "-f", file];
}

// Its first lines are done, too: the modules and the site are enabled.
function apache(at, setting) {
    const folder = join(at.directory, "apache2");
    cpSync("/etc/apache2", folder, { recursive: true, verbatimSymlinks: true });
    const ports = join(folder, "ports.conf");
    writeFileSync(ports, change(readFileSync(ports, "utf8"), [
        ["Listen 80\n", ""], ["Listen 443", `Listen 127.0.0.1:${at.port}`],
    ]));
    writeFileSync(join(folder, "sites-available/crier.conf"), adapt(setting, [
        ["*:443", `*:${at.port}`],
        ["/etc/ssl/certs/chat.pem", certificate.chain],
        ["/etc/ssl/private/chat.key", certificate.key],
    ], at));
    const commands = recipe(setting.file).match(/(?<=^# +)a2en.*/gm);
    assert.equal(commands.length, 2);
    for (const command of ["a2dissite 000-default", ...commands]) {
        execFileSync("/bin/sh", ["-c", `/usr/sbin/${command}`], {
            stdio: "pipe",
            env: { PATH: process.env.PATH, APACHE_CONFDIR: folder,
                APACHE_STATE_DIRECTORY: join(folder, "state") },
        });
    }
    const user = process.getuid() === 0 ? "www-data" : `#${process.getuid()}`;
    return ["/usr/bin/env", `APACHE_RUN_DIR=${folder}`,
        `APACHE_PID_FILE=${folder}/pid`, `APACHE_LOG_DIR=${folder}`,
        `APACHE_RUN_USER=${user}`, `APACHE_RUN_GROUP=${user.replace("#" +
            process.getuid(), "#" + process.getgid())}`,
        "/usr/sbin/apache2", "-DFOREGROUND", "-d", folder,
        "-f", join(folder, "apache2.conf")];
}

// It gets its certificate from an authority: here, from one of its own.
function caddy(at, setting) {
    const file = join(at.directory, "Caddyfile");
    const { root, rootKey } = certificate;
    writeFileSync(file, `{
        admin off
        auto_https disable_redirects
        https_port ${at.port}
        default_bind 127.0.0.1
        grace_period 1s
        skip_install_trust
        local_certs
        pki {
            ca local {
                root {
                    cert ${root}
                    key ${rootKey}
                }
            }
        }
    }
    ${adapt(setting, [], at)}`);
    return ["/usr/bin/env", `XDG_DATA_HOME=${at.directory}`,
        `XDG_CONFIG_HOME=${at.directory}`,
        "caddy", "run", "--adapter", "caddyfile", "--config", file];
}

const BOTH = ["HTTP/2", "HTTP/1.1"];

// `waits` finds its time-outs in the recipe; Caddy has none. Over HTTP/1.1,
// a browser has six connections; one is for the page.
export const RECIPES = {
    nginx: { file: "nginx.conf", command: nginx, ways: BOTH, streams: 8,
        waits: /proxy_read_timeout (\d+)s/g },
    Caddy: { file: "Caddyfile", command: caddy, ways: BOTH, streams: 8 },
    HAProxy: { file: "haproxy.cfg", command: haproxy, ways: BOTH, streams: 8,
        waits: /timeout (?:client|server) (\d+)s/g },
    Apache: { file: "apache2.conf", command: apache, ways: ["HTTP/1.1"],
        streams: 5,
        waits: /timeout=(\d+)/g },
};

// Caddy listens before it has its certificate.
function shakesHands(port) {
    return new Promise((resolve) => {
        const socket = connect({ host: "127.0.0.1", port, servername: NAME,
            ca: certificate.ca });
        socket.on("secureConnect", () => {
            resolve(true);
            socket.destroy();
        });
        socket.on("error", () => resolve(false));
    });
}

export function startRecipe(t, setting, server, seconds) {
    return startProxy(t, (port, directory) => setting.command(
        { port, directory, upstream: server.port, seconds }, setting),
    ({ port }) => shakesHands(port));
}
