// Where the server of a test keeps its log; test/run knows it by this name, too.

import { fileURLToPath } from "node:url";

const DIRECTORY = process.env.TEST_LOGS ??
    fileURLToPath(new URL("../../build/test-logs", import.meta.url));

// Of the test FILE/NAME. Byte by byte, as `tr` counts.
export function logOf(name) {
    const bytes = Buffer.from(name).toString("latin1");
    return `${DIRECTORY}/${bytes.replace(/[^A-Za-z0-9]/g, "_")}.log`;
}
