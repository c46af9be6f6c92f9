// The attacks as a table, for SECURITY.md.

const number = (value) => Math.round(value).toLocaleString("en-US");
const ms = (value) => value === null ? "–"
    : value < 10 ? value.toFixed(1) : number(value);
const three = ({ median, p99, worst }) =>
    [median, p99, worst].map(ms).join(" / ");

const COLUMNS = {
    attack: ({ what }) => what,
    clients: ({ clients }) => clients ? number(clients) : "",
    connections: ({ opened }) => opened ? number(opened) : "",
    "post, ms": ({ innocent }) => three(innocent.post),
    "delivery, ms": ({ innocent }) => three(innocent.delivery),
    "refused, cut": ({ innocent }) => `${innocent.refused}, ${innocent.cut}`,
    "server, MiB": ({ memory, bound }) => memory === undefined ? "–"
        : `${number(memory)} of ${number(bound)}`,
    "TCP, MiB": ({ tcpMib }) => number(tcpMib),
};

export function table(results) {
    const line = (cells) => `| ${cells.join(" | ")} |`;
    return [
        line(Object.keys(COLUMNS)),
        line(Object.keys(COLUMNS).map((_, i) => i > 0 ? "---:" : "---")),
        ...results.map((result) =>
            line(Object.values(COLUMNS).map((column) => column(result)))),
    ].join("\n");
}
