// A certificate for chat.example.com, signed by an authority of the test's own,
// and a browser's store that trusts this authority.

import { execFileSync } from "node:child_process";
import {
    chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const NAME = "chat.example.com";

const EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

function openssl(directory, ...args) {
    execFileSync("openssl", args, { cwd: directory, stdio: "pipe" });
}

// The paths of all files, and the authority's certificate itself as `ca`.
export function makeCertificate() {
    const directory = mkdtempSync(join(tmpdir(), "crier-certificate-"));
    process.on("exit", () => rmSync(directory, { recursive: true }));
    openssl(directory, "req", "-x509", ...EC, "-days", "2",
        "-subj", "/CN=The authority of a test",
        "-keyout", "root.key", "-out", "root.pem");
    openssl(directory, "req", ...EC, "-subj", `/CN=${NAME}`,
        "-keyout", "chat.key", "-out", "chat.csr");
    writeFileSync(join(directory, "extensions"),
        `subjectAltName=DNS:${NAME}\n`);
    openssl(directory, "x509", "-req", "-in", "chat.csr", "-days", "2",
        "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial",
        "-extfile", "extensions", "-out", "chat.pem");
    const read = (name) => readFileSync(join(directory, name));
    writeFileSync(join(directory, "both.pem"),
        Buffer.concat([read("chat.pem"), read("chat.key")]));
    chmodSync(directory, 0o755); // some proxies become another user
    return {
        root: join(directory, "root.pem"), rootKey: join(directory, "root.key"),
        chain: join(directory, "chat.pem"), key: join(directory, "chat.key"),
        both: join(directory, "both.pem"), ca: read("root.pem"),
    };
}

// A home directory whose browser trusts the authority.
export function makeHome(t, authority) {
    const home = mkdtempSync(join(tmpdir(), "crier-home-"));
    t.after(() => rmSync(home, { recursive: true, force: true }));
    const store = join(home, ".pki/nssdb");
    mkdirSync(store, { recursive: true });
    execFileSync("certutil", ["-d", `sql:${store}`, "-N", "--empty-password"]);
    execFileSync("certutil", ["-d", `sql:${store}`, "-A", "-t", "C,,",
        "-n", "The authority of a test", "-i", authority]);
    return home;
}
