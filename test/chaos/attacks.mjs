// The attacks: which crowds they are, and what these do.

const TEXT = 65000; // bytes of a large message
const JSON_SIZE = 63000;
const DEPTH = 2040; // jansson goes to 2,048

const HOST = "Host: localhost\r\n";
const ONCE = HOST + "Connection: close\r\n";

const get = (target, fields) => `GET ${target} HTTP/1.1\r\n${fields}\r\n`;
const post = (body, fields = HOST, size = body.length) =>
    `POST /update HTTP/1.1\r\n${fields}Content-Length: ${size}\r\n\r\n${body}`;

const DRIP = { first: 30, drip: 1, again: 1 };
const AT_ONCE = { period: 10, again: 1 };

// One publisher of large messages, 20 a second.
const LARGE = {
    clients: 1, whole: true, period: 50, repeat: 1, again: 1,
    request: post(JSON.stringify({ text: "x".repeat(TEXT) })),
};
const ALL = HOST + "Last-Event-ID: 0\r\n";

// `clients` of each crowd; CHAOS=quick takes a fifth, but all of a `whole` one.
// The other words are those of crowd.c, and `come` is the whole time of the
// attack. The first crowd attacks, the others stand beside it. `full` means
// that there is no room for a new connection, `lasting` that only the memory
// counts that the server keeps while the crowd stays.
export const ATTACKS = {
    none: { what: "no attack", crowds: [] },
    "slow-heads": {
        what: "slow heads, a byte a second",
        crowds: [{
            ...DRIP, clients: 2000,
            request: get("/", HOST + `X: ${"x".repeat(1000)}\r\n`),
        }],
    },
    "slow-bodies": {
        what: "slow bodies, a byte a second",
        crowds: [{
            ...DRIP, clients: 2000, first: 80,
            request: post("{".padEnd(1000), HOST, 60000),
        }],
    },
    "most-of-bodies": {
        what: "bodies of 60,000 bytes that lack the last 100",
        crowds: [{
            ...DRIP, clients: 1000, first: 59900,
            request: post("{".padEnd(60000)),
        }],
    },
    silent: {
        what: "silent connections, as many as `--max-clients`",
        full: true,
        crowds: [{ clients: 2000, again: 1, request: "" }],
    },
    resets: {
        what: "connect and reset, 4,000 a second",
        crowds: [{
            ...AT_ONCE, clients: 40, whole: true, reset: 1, request: "",
        }],
    },
    "half-closed": {
        what: "half-closed subscribers",
        crowds: [{
            clients: 1000, half: 1, again: 1, request: get("/subscribe", HOST),
        }],
    },
    "slow-readers": {
        what: "slow readers, 60,000 bytes every 3 s",
        crowds: [{
            clients: 350, come: true, period: 3000, take: 60000,
            window: 65536, again: 1,
            request: get("/subscribe", ALL),
        }, { ...LARGE, clients: 4, period: 20 }],
    },
    "no-readers": {
        what: "subscribers that never read",
        crowds: [{
            clients: 2000, take: 0, window: 4096, again: 1,
            request: get("/subscribe", ALL),
        }, LARGE],
    },
    "slow-polls": {
        what: "20 polls at once, whose answers are not read",
        crowds: [{
            clients: 1000, take: 0, window: 4096, again: 1,
            request: get("/poll?after=0", HOST).repeat(20),
        }, LARGE],
    },
    junk: {
        what: "subscribers that send junk without end",
        crowds: [{
            clients: 1000, flood: 1, again: 1,
            request: get("/subscribe", HOST),
        }],
    },
    "no-http": {
        what: "junk instead of requests",
        crowds: [{ ...AT_ONCE, clients: 200, flood: 1, request: "" }],
    },
    arrays: {
        what: "posts of 63 KB of `[{},{},…`",
        crowds: [{
            ...AT_ONCE, clients: 40,
            request: post(`[${"{},".repeat(JSON_SIZE / 3)}{}]`, ONCE),
        }],
    },
    deep: {
        what: `posts of ${DEPTH} nested objects, which stay`,
        lasting: true,
        crowds: [{
            clients: 1000,
            request: post(
                `${'{"a":'.repeat(DEPTH - 1)}{}${"}".repeat(DEPTH - 1)}`),
        }],
    },
    threads: {
        what: "GET /threads again and again, beside subscribers",
        crowds: [{
            ...AT_ONCE, clients: 64, whole: true,
            request: get("/threads", ONCE),
        }, { clients: 2000, request: get("/subscribe", HOST) }],
    },
    polls: {
        what: "polls of the whole history",
        crowds: [{
            ...AT_ONCE, clients: 64, whole: true,
            request: get("/poll?after=0", ONCE),
        }, LARGE],
    },
};
