// The labs' mistakes are patches of the source, and so are some repairs: whoever
// changes the source sees here that they do not fit any more.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const top = fileURLToPath(new URL("../..", import.meta.url));

for (const folder of ["test/labs/break", "test/labs/break/repairs"])
    for (const name of readdirSync(join(top, folder)))
        if (name.endsWith(".patch"))
            test(`${folder}/${name} fits the source`, () => {
                const { status, error, stdout } = spawnSync(
                    "patch",
                    ["--dry-run", "--batch", "--fuzz=0", "-p1"],
                    {
                        cwd: top,
                        input: readFileSync(join(top, folder, name)),
                        encoding: "utf8",
                    },
                );

                assert.ifError(error);
                assert.equal(status, 0, stdout);
            });
