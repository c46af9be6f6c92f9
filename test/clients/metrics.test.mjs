// GET /metrics is Prometheus' text format, as Prometheus' own tool and another
// parser read it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import parse from "parse-prometheus-text-format";
import { TEST, publish, startServer, wanted } from "./helpers.mjs";

async function metricsOf(t) {
    const server = await startServer(t);
    await publish(server, "hello");
    const response = await fetch(`${server.url}/metrics`);
    assert.match(response.headers.get("content-type"),
        /^text\/plain; version=0\.0\.4\b/);
    return response.text();
}

test("a parser finds families with types, help and values", TEST, async (t) => {
    const families = parse(await metricsOf(t));
    assert.ok(families.length > 5, `only ${families.length} families`);
    for (const { name, type, help, metrics } of families) {
        assert.match(name, /^(crier|process)_/);
        assert.match(type, /^(COUNTER|GAUGE|HISTOGRAM|SUMMARY)$/, name);
        assert.ok(help, name);
        // Without a channel that has a name, these have nothing to say.
        if (!name.startsWith("crier_channel_")) {
            assert.ok(metrics.length > 0, name);
        }
    }
    const published = families.find(({ name }) => /messages.*total/.test(name));
    assert.equal(Number(published?.metrics[0].value), 1);
});

if (wanted({ quick: false })) {
    test("promtool has nothing against it", TEST, async (t) => {
        execFileSync("promtool", ["check", "metrics"],
            { input: await metricsOf(t) });
    });
}
